"""Names in zips that do not say their letters are read by evidence, and that is said."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence

import pytest

from search.importing.sources import open_photographs
from search.importing.zip_names import ENCODINGS, spelling
from tests.helpers import draw, encode
from tests.unit.importing.shop import Shop


def packed(names: Sequence[bytes], extra: bytes = b"") -> bytes:
    """A zip whose names are these bytes, without the mark for UTF-8."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(len(names)):
            entry = zipfile.ZipInfo(f"{number:03}".ljust(len(names[number]), "_"))
            entry.extra = extra
            archive.writestr(entry, encode(draw(number)))
    data = out.getvalue()
    for number, name in enumerate(names):
        data = data.replace(f"{number:03}".ljust(len(name), "_").encode(), name)
    return data


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("utf-8", ["Cafe\u0301.jpg", "Straße.jpg"]),
        ("utf-8", ["ワンピース.jpg"]),
        ("cp437", ["Größe 42.jpg", "café.jpg", "Ärmel.jpg"]),
        ("cp1252", ["Größe 42.jpg", "café.jpg", "l’été.jpg"]),
        ("cp1252", ["gráfico.jpg", "algódon.jpg"]),
        ("cp866", ["Платье красное.jpg", "Ботинки.jpg"]),
        ("cp1251", ["Платье красное.jpg", "Ботинки.jpg"]),
        ("cp932", ["ワンピース.jpg", "赤い靴.jpg"]),
        ("cp932", ["表/紫の靴.jpg"]),  # a letter whose second byte is a backslash
        ("gb18030", ["连衣裙.jpg", "红色运动鞋.jpg"]),
        ("big5", ["連衣裙.jpg", "紅色運動鞋.jpg"]),
        ("cp949", ["원피스.jpg", "운동화.jpg"]),
        ("cp852", ["żółta sukienka.jpg", "buty męskie.jpg"]),
        ("cp1250", ["żółta sukienka.jpg", "buty męskie.jpg"]),
    ],
)  # fmt: skip
def test_letters_are_told_and_shown(encoding: str, names: list[str]) -> None:
    photographs = open_photographs(packed([name.encode(encoding) for name in names]))
    assert photographs.names == tuple(sorted(names))
    assert f"were read as {encoding}" in photographs.note


@pytest.mark.parametrize("encoding", [e for e in ENCODINGS if e not in ("koi8_r",)])
def test_a_table_that_names_the_photographs_tells_the_letters(shop: Shop, encoding: str) -> None:
    names = [n for n in ("Éß.jpg", "Ж.jpg", "ア.jpg", "漢.jpg", "가.jpg",
             "ł.jpg", "Ωψ.jpg", "א.jpg", "ع.jpg", "ก.jpg")
             if _fits(n, encoding)]  # fmt: skip
    data = packed([name.encode(encoding) for name in names])
    rows = "".join(f"{number},{name}\n" for number, name in enumerate(names))
    plan = shop.plan(f"id,file\n{rows}", data)
    assert {row.verdict for row in plan.rows} == {"new"}
    assert plan.left_out == 0


def _fits(name: str, encoding: str) -> bool:
    try:
        name.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def test_what_else_the_letters_may_be_is_said_and_can_be_chosen(shop: Shop) -> None:
    data = packed(["Яма.jpg".encode("cp1251")])
    plan = shop.plan(photos=data, zip_encoding="cp1252")
    assert plan.rows[0].id == "ßìà"
    assert any("were read as cp1252" in note for note in plan.notes)
    assert shop.plan(photos=data, zip_encoding="cp1251").rows[0].id == "Яма"


def test_the_field_for_unicode_names_is_believed() -> None:
    name = "caf?.jpg"
    field = struct.pack("<BI", 1, zlib.crc32(name.encode())) + "café.jpg".encode()
    data = packed([name.encode()], struct.pack("<HH", 0x7075, len(field)) + field)
    assert open_photographs(data).names == ("café.jpg",)


def test_names_of_ascii_say_nothing() -> None:
    photographs = open_photographs(packed([b"a.jpg"]))
    assert (photographs.names, photographs.note) == (("a.jpg",), "")
    assert spelling([b"a.jpg"]).encoding == "cp437"
