"""The letters of a table: told by evidence, and where that doesn't decide, said to be a guess."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Final

from search.errors import ImportRefused
from search.importing.lines import breaks

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\xff\xd8")  # xlsx, xls, PDF, JPEG
# What spreadsheets and shops still write; the detector's full list holds mainframes' as well.
ENCODINGS: Final = (
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874"),
    *("cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8_r", "cp866", "cp850"),
    *("mac_roman", "mac_cyrillic"),
)
"""What letters that have no form of their own may be, and what a user may choose from."""
_JUDGED = 50_000  # bytes of lines with other letters than ASCII that a guess is made from
_COUNTED = 1_000_000  # bytes at a time
_OTHER_BYTES = bytes(range(128, 256))
_OTHER_BYTE = re.compile(rb"[\x80-\xff]")
_REST = re.compile(rb"[^\r\n]*")
_FOREIGN = frozenset("ðþýÐÞÝ")  # stands for Turkish or Czech letters far more often than Icelandic
_LETTER = r"[^\W\d_]"
_INSIDE = re.compile(rf"{_LETTER}[^\w\s\x00-\x7f’‘·\u00ad]{_LETTER}")
_SAMPLES, _OTHERS = 3, 2


@dataclass(frozen=True, slots=True)
class Decoded:
    """A table's text, the encoding it was read with, and whether that is only a guess.

    `note` tells the user of anything but UTF-8 and UTF-16; "" there.
    """

    text: str
    encoding: str
    is_guess: bool = False
    note: str = ""


def decode(data: bytes, encoding: str = "") -> Decoded:
    """Read a table's letters with the encoding named, else with the one that they show.

    UTF-8 and UTF-16 are told by their form, Windows-1252 by western words. Whatever else is a
    guess, which says so.

    :raises ImportRefused: it is no text, or parts of it do not fit its encoding.
    """
    if encoding:
        return _named(data, encoding)
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data, marked), marked)
    head = data[:2000]
    if not head.strip():
        raise ImportRefused("The table is empty: export it again with its header line.")
    zeros = head.count(0)
    if zeros > len(head) // 4:  # UTF-16 without its mark: half the bytes of Latin text are zero
        marked = "utf-16-be" if head[:1] == b"\0" else "utf-16-le"
        return Decoded(_strictly(data, marked), marked)
    if zeros > len(head) // 20 or head.startswith(_BINARY):
        raise ImportRefused(
            "This is not a CSV table: in Excel, choose “Save as” and then “CSV UTF-8”."
        )
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _without_form(data)


def check_encoding(encoding: str) -> codecs.CodecInfo:
    """Return the codec of a name that a user gave.

    :raises ImportRefused: there is none, or it is not one of text.
    """
    try:
        "a".encode(encoding)
        return codecs.lookup(encoding)
    except (LookupError, ValueError) as error:  # not text, or not even a name
        raise ImportRefused(
            f"The encoding “{encoding[:40]}” is unknown: write one such as utf-8, cp1252, cp1251,"
            " shift_jis or gb18030."
        ) from error


def _named(data: bytes, encoding: str) -> Decoded:
    codec = check_encoding(encoding)
    name = "utf-8-sig" if codec.name == "utf-8" else codec.name
    return Decoded(_strictly(data, name), codec.name)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + breaks(data[: error.start].decode(encoding, "replace"))
        shown = encoding.removesuffix("-sig").upper()
        raise ImportRefused(
            f"Line {line} of the table holds letters that are not {shown}: correct that line, or"
            " save the table again as “CSV UTF-8”."
        ) from error


def _without_form(data: bytes) -> Decoded:
    good, bad = _counted(data)
    if good >= bad:  # UTF-8, but for some bytes
        raise _broken(data.decode("utf-8", "surrogateescape"))
    part = _judged(data)
    try:
        looks_western = is_western(part.decode("cp1252"))
        western = data.decode("cp1252")
    except UnicodeDecodeError:
        looks_western = False
    if not looks_western:
        return _guessed(data, part)
    note = f"The table was read as Windows-1252: {_shown(western)}."
    return Decoded(western, "cp1252", note=note)


def _counted(data: bytes) -> tuple[int, int]:
    """Count the other letters than ASCII that are UTF-8, and the bytes that are not."""
    read = codecs.getincrementaldecoder("utf-8")("ignore")
    escaped = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    letters = every = 0
    for start in range(0, len(data), _COUNTED):
        part = data[start : start + _COUNTED]
        letters += len(read.decode(part))
        every += len(escaped.decode(part))
    letters += len(read.decode(b"", final=True))
    every += len(escaped.decode(b"", final=True))
    return letters - len(data.translate(None, _OTHER_BYTES)), every - letters


def _judged(data: bytes) -> bytes:
    """Return the first lines that hold other bytes than ASCII."""
    lines, size, at = [], 0, 0
    while size <= _JUDGED and (found := _OTHER_BYTE.search(data, at)):
        start = max(data.rfind(b"\n", at, found.start()), data.rfind(b"\r", at, found.start())) + 1
        line = _REST.match(data, max(start, at), max(start, at) + _JUDGED)
        assert line  # it matches anything
        lines.append(line[0])
        size += len(line[0])
        at = max(line.end(), found.end())
    return b"\n".join(lines)


def _broken(escaped: str) -> ImportRefused:
    first, more = None, -1
    for found in re.finditer("[\udc80-\udcff][^\r\n]*", escaped):
        first, more = first or found, more + 1
    assert first  # it was not UTF-8
    before = escaped[: first.start()]
    start = max(before.rfind("\n"), before.rfind("\r")) + 1
    shown = re.sub("[\udc80-\udcff]", "\ufffd", escaped[start : first.end()])[:60]
    others = f" (and {more} more)" if more else ""
    return ImportRefused(
        f"Line {breaks(before) + 1}{others} of the table is not UTF-8 as the rest is, “{shown}”:"
        " correct it, or save the whole table again as “CSV UTF-8”."
    )


def is_western(text: str) -> bool:
    """Whether Windows-1252 makes words of a text: mostly ASCII letters, with accents in them."""
    words = [word for word in re.findall(rf"{_LETTER}+", text) if not word.isascii()]
    letters = [letter for letter in "".join(words) if letter.isalpha()]  # so without ½
    accented = sum(not letter.isascii() for letter in letters)
    return strangeness(text) == 0 and not _FOREIGN & set(letters) and 2 * accented <= len(letters)


def strangeness(text: str) -> int:
    """Count what words do not do: a sign, a capital or another script in their middle."""
    strange = len(_INSIDE.findall(text))
    for word in re.findall(rf"{_LETTER}+", text):
        if not word.isascii():
            strange += any(a.islower() and b.isupper() for a, b in pairwise(word))
            strange += len({_script(letter) for letter in word if letter.isalpha()}) > 1
    return strange


def _script(letter: str) -> str:
    script = re.split(r"[ -]", unicodedata.name(letter, ""), maxsplit=1)[0]
    return "CJK" if script in ("HIRAGANA", "KATAKANA") else script


def _guessed(data: bytes, part: bytes) -> Decoded:
    from charset_normalizer import from_bytes  # late: hardly any table needs it

    found = from_bytes(part, cp_isolation=list(ENCODINGS))
    ranked = sorted(
        found, key=lambda each: (strangeness(str(each)) > 0, each.encoding == "cp1252", each.chaos)
    )
    texts: dict[str, str] = {}
    for match in ranked:
        if len(texts) > _OTHERS:
            break
        try:
            texts[match.encoding] = data.decode(match.encoding)
        except UnicodeDecodeError:
            continue
    if not texts:
        raise ImportRefused(
            "The table's letters are neither UTF-8 nor in a known encoding: save it again as"
            " “CSV UTF-8”, or name its encoding."
        )
    (encoding, text), *others = texts.items()
    note = f"The table is not UTF-8; its letters look like {encoding}: {_shown(text)}."
    for other, unlike in others:
        note += f" As {other} they would be {_shown(unlike)}."
    note += " Name the encoding if they are wrong."
    return Decoded(text, encoding, is_guess=True, note=note)


def _shown(text: str) -> str:
    """Quote the first cells that hold other letters than ASCII."""
    cells = (found[0].strip() for found in re.finditer(r'[^,;\t|"\r\n]{1,1000}', text))
    others = islice((cell[:40] for cell in cells if not cell.isascii()), 100)
    samples = dict.fromkeys(others)
    return ", ".join(f"“{sample}”" for sample in islice(samples, _SAMPLES))
