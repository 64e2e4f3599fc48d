"""Which letters a zip's names are written in, where it does not say: told by evidence.

A zip marks names that are UTF-8; all others should be cp437, yet are what the system that packed
them uses: UTF-8 on macOS and Linux, a code page of the country on Windows.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from search.importing.decoding import is_western, strangeness
from search.photos import plain_name

ENCODINGS: Final = (
    *("utf-8", "cp437", "cp1252", "cp850", "cp866", "cp1251", "cp932", "gb18030", "cp949"),
    *("big5", "cp852", "cp1250", "cp1253", "cp737", "cp1254", "cp857", "cp1255", "cp862"),
    *("cp1256", "cp874", "euc_jp", "koi8_r", "mac_roman"),
)
"""What names may be written in, the likelier first where nothing else decides."""

# By how a standard orders its letters, which of them are the common ones: bytes of the first half.
_COMMON: Final = {
    "cp932": ((0x81, 0x83), (0x88, 0x97)),
    "gb18030": ((0xA1, 0xA3), (0xB0, 0xD7)),
    "big5": ((0xA4, 0xC6),),
    "cp949": ((0xB0, 0xC8),),
    "euc_jp": ((0xA4, 0xA5), (0xB0, 0xCF)),
}
_TWO_HIGH = ("gb18030", "cp949", "euc_jp")  # whose common letters have two high bytes
_MARKS = frozenset("©®™°€£¥§–—‘’“”„«»…·•×№½¼¾²³ºª¿¡、。・「」『』【】（）！？～〜＿－：")
_WELL_KNOWN = 0.7
_WESTERN = ("cp437", "cp850", "cp1252", "mac_roman")
# A florin's sign; money's sign or a dash before a letter; a sharp s behind no vowel; a small number
# before a letter; Cyrillic or Greek words without a vowel or with four consonants on end; a mark on
# no letter.
_CONSONANT = "[б-дж-зй-нп-тф-щъьβγδζθκλμνξπρσςτφχψ]"
_SELDOM = re.compile(
    r"ƒ|[¥£€§•–—”](?=[^\W\d_])|(?<![aeiouyäöüAEIOUYÄÖÜ])ß|[¹²³ªº](?=\w)"
    rf"|{_CONSONANT}{{4}}|\b{_CONSONANT}{{3,}}\b|(?<!\w)[\u05b0-\u05c7\u0e31\u0e34-\u0e3a]",
    re.IGNORECASE,
)
_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Spelling:
    """The encoding of names that say none, others that also fit, and whether a table told."""

    encoding: str
    others: tuple[str, ...] = ()
    by_table: bool = False

    def note(self, names: Sequence[bytes]) -> str:
        """Say how names that are not ASCII were read."""
        raw = [name for name in names if not name.isascii()]
        if not raw:
            return ""
        told = ", as the table writes them" if self.by_table else ""
        note = f"Names in the zip were read as {self.encoding}{told}: {_samples(raw, self)}."
        for other in self.others:
            note += f" As {other} they would be {_samples(raw, Spelling(other))}."
        return note


def spelling(names: Collection[bytes], wanted: Iterable[str] = ()) -> Spelling:
    """Tell the encoding of names (their bytes) that do not say it.

    Strongest is a table that names the photographs, `wanted`; then UTF-8 by its form; then words
    that look like words of a language.
    """
    raw = sorted({name for name in names if not name.isascii()})
    if not raw:
        return Spelling("cp437")
    texts = _texts(raw)
    by_table = _told(texts, wanted)
    if by_table:
        return Spelling(by_table, by_table=True)
    if "utf-8" in texts:
        return Spelling("utf-8")
    ranked = sorted(texts, key=lambda encoding: _unlikeliness(encoding, texts[encoding]))
    if not ranked:
        return Spelling("cp437")
    best = _unlikeliness(ranked[0], texts[ranked[0]])[0]
    unlike: dict[str, str] = {}
    for encoding in ranked:
        text = "\n".join(texts[encoding])
        if _unlikeliness(encoding, texts[encoding])[0] <= max(best, 0):
            unlike.setdefault(text, encoding)
    return Spelling(ranked[0], tuple(list(unlike.values())[1:3]))


def read_name(raw: bytes, encoding: str) -> str:
    """Return a name's letters; where they do not fit, as UTF-8 if it is, else as the format's own.

    Every byte means a letter in cp437, so that no name is lost.
    """
    for each in (encoding, "utf-8", "cp437"):
        try:
            return raw.decode(each)
        except UnicodeDecodeError:
            continue
    raise AssertionError


def _texts(raw: Sequence[bytes]) -> dict[str, list[str]]:
    """Return the names in every encoding that all of them fit."""
    texts: dict[str, list[str]] = {}
    for encoding in ENCODINGS:
        try:
            decoded = [name.decode(encoding) for name in raw]
        except UnicodeDecodeError:
            continue
        if not any(unicodedata.category(c)[0] == "C" for name in decoded for c in name):
            texts[encoding] = decoded
    return texts


def _told(texts: dict[str, list[str]], wanted: Iterable[str]) -> str:
    """Return the encoding in which most names are those wanted; "" where none or several are."""
    known = {_base(name) for name in wanted if not name.isascii()}
    if not known:
        return ""
    found = {encoding: {_base(n) for n in names} & known for encoding, names in texts.items()}
    most = max(map(len, found.values()), default=0)
    best = [encoding for encoding, names in found.items() if len(names) == most]
    if not most or any(found[each] != found[best[0]] for each in best):
        return ""
    return best[0]


def _unlikeliness(encoding: str, names: Sequence[str]) -> tuple[int, float, int]:
    """Rank an encoding: strange letters, rare ones, and its place among all."""
    place = ENCODINGS.index(encoding)
    words = "\n".join(posixpath.splitext(name)[0] for name in names)
    strange = strangeness(words) + sum(map(_is_sign, words)) + len(_SELDOM.findall(words))
    others = [letter for letter in words if not letter.isascii()]
    plain = sum(letter.isascii() and letter.isalpha() for letter in words)
    strange += sum(map(_is_latin, others)) > max(3, plain)
    rare = 0.0
    if encoding in _COMMON:
        common = sum(_is_common(letter, encoding) for letter in others) / max(1, len(others))
        rare = 1 - common if common < _WELL_KNOWN else 0.0
        if common == 1 and all("\uac00" <= letter <= "\ud7a3" for letter in others):
            rare = -1.0  # Korean is written in nothing else, and nothing else looks so
    elif encoding in _WESTERN:
        strange += not is_western(words)
    return strange, rare, place


def _is_sign(letter: str) -> bool:
    return (
        not letter.isascii()
        and not letter.isalnum()
        and letter not in _MARKS
        and unicodedata.category(letter) not in ("Mn", "Mc")
    )


def _is_latin(letter: str) -> bool:
    return letter.isalpha() and letter < "\u0250"


def _is_common(letter: str, encoding: str) -> bool:
    first, *second = letter.encode(encoding)
    is_in_plane = encoding not in _TWO_HIGH or min(second, default=0) > 0xA0
    return is_in_plane and any(low <= first <= high for low, high in _COMMON[encoding])


def _base(name: str) -> str:
    return unicodedata.normalize("NFC", posixpath.basename(name.replace("\\", "/"))).casefold()


def _samples(raw: Sequence[bytes], spelt: Spelling) -> str:
    names = dict.fromkeys(posixpath.basename(read_name(name, spelt.encoding)) for name in raw)
    return ", ".join(f"“{plain_name(name)}”" for name in list(names)[:_SAMPLES])
