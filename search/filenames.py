"""Names of files as text that loses nothing, though no file system promises that they are text.

Here a name is a str that stands for its bytes: UTF-8, and a byte that is not UTF-8 a lone
surrogate (PEP 383). Neither SQLite nor JSON can hold those, so `stored` writes such a byte B as
the letter U+EF00 + B of the private use area; one of these letters itself, where a name has it, is
written as its own bytes in the same way. `restored` therefore always gives the very name back.
"""

from __future__ import annotations

import os
import re
import unicodedata

_FIRST = 0xEF00
_UNSTORABLE = re.compile("[\ud800-\udfff\uef00-\uefff]")
_UNSAFE = re.compile("[\ud800-\udfff\uef00-\uefff\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_WRITTEN = re.compile("[\uef00-\uefff]")


def name_of(path: str | os.PathLike[str]) -> str:
    """Return a path of this system as a name."""
    return os.fsencode(path).decode("utf-8", "surrogateescape")


def system_path(name: str) -> str:
    """Return a name as a path that this system opens, whatever encoding it uses."""
    return os.fsdecode(name.encode("utf-8", "surrogateescape"))


def stored(name: str) -> str:
    """Return a name as Unicode text that `restored` undoes."""
    return _UNSTORABLE.sub(_bytewise, name)


def restored(text: str) -> str:
    """Return the name that `stored` was given."""
    escaped = _WRITTEN.sub(_surrogate, text)
    try:
        return escaped.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a surrogate that stands for no byte, from elsewhere
        return text


def as_id(name: str) -> str:
    """Return a name as a product's id, another one for each name but for how accents are written.

    Control characters and marks that turn the direction are written like bytes.
    """
    return unicodedata.normalize("NFC", _UNSAFE.sub(_bytewise, name))


def same_letters(text: str) -> str:
    """Return the one spelling of accents, NFC, which keyboards type and macOS's disks do not."""
    return unicodedata.normalize("NFC", text)


def _bytewise(found: re.Match[str]) -> str:
    letter = found[0]
    how = "surrogateescape" if "\udc80" <= letter <= "\udcff" else "surrogatepass"
    return "".join(chr(_FIRST + byte) for byte in letter.encode("utf-8", how))


def _surrogate(found: re.Match[str]) -> str:
    byte = ord(found[0]) - _FIRST
    return chr(0xDC00 + byte) if byte >= 0x80 else chr(byte)
