"""What lies among photographs: content decides, and nothing is left out without its name."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.importing.sources import PhotoSource, open_photographs
from tests.helpers import ROOT, draw, encode
from tests.unit.importing.shop import Shop

DATA = encode(draw("listing"))
OTHERS = {
    "readme.txt": b"Photographs of spring.",
    "price list.pdf": b"%PDF-1.7\n\x00",
    "raw.dng": b"\x00\x01\x02" * 50,
    "clip.mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(50),
    "more.zip": b"PK\x03\x04" + bytes(50),
}
PHOTOGRAPHS = ("a.jpg", "no ending", "b.jpg_large", "c.jpg.download", "wrong.txt", "Look v1.2")
SYSTEMS = (
    *("@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg", "x/@__thumb/a.jpg", "#recycle/old.jpg"),
    *(".thumbnails/a.jpg", "__MACOSX/._a.jpg", "x/._a.jpg", "$RECYCLE.BIN/a.jpg", "Thumbs.db"),
)


@pytest.fixture(params=["folder", "zip", "uploads"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> PhotoSource:
    files = OTHERS | dict.fromkeys((*PHOTOGRAPHS, *SYSTEMS), DATA)
    if request.param == "uploads":
        return list(files.items())
    if request.param == "zip":
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return out.getvalue()
    for name, data in files.items():
        place = tmp_path / "photos" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return tmp_path / "photos"


def test_content_tells_photographs_and_the_rest_is_named(shop: Shop, source: PhotoSource) -> None:
    plan = shop.plan(photos=source)
    assert open_photographs(source).names == tuple(sorted(PHOTOGRAPHS))
    assert {row.id for row in plan.rows} == {
        *("a", "no ending", "b.jpg_large", "c.jpg.download", "wrong.txt", "Look v1.2"),
    }
    said = "\n".join(plan.notes)
    for name in OTHERS:
        assert f"“{name}”" in said
    assert "2 files were not used" in said
    assert "7 photographs were not used (a thumbnail, hidden, or in a bin)" in said
    assert plan.left_out == 3  # not the documents, not what systems keep


def test_links_that_lead_elsewhere_are_named(shop: Shop, tmp_path: Path) -> None:
    inside, outside = tmp_path / "photos", tmp_path / "outside"
    for folder in (inside / "sub", outside):
        folder.mkdir(parents=True)
        (folder / f"{folder.name}.jpg").write_bytes(encode(draw(folder.name)))
    (inside / "linked folder").symlink_to(outside)
    (inside / "linked file").symlink_to(outside / "outside.jpg")
    (inside / "again").symlink_to(inside / "sub")
    (inside / "round").symlink_to(inside)
    plan = shop.plan(photos=inside)
    assert [row.id for row in plan.rows] == ["sub"]
    assert "2 links were not used" in plan.notes[0]
    assert "“linked file”, “linked folder”" in plan.notes[0]
    assert plan.left_out == 2


@pytest.fixture
def public_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    for path in (folder / "closed", folder / "mute"):
        path.chmod(0o755)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="this system has no such permissions")
def test_what_may_not_be_opened_is_named(public_folder: Path) -> None:
    (public_folder / "closed").mkdir()
    for name in ("a.jpg", "closed/b.jpg", "mute"):
        (public_folder / name).write_bytes(DATA)
    (public_folder / "closed").chmod(0)
    (public_folder / "mute").chmod(0)
    code = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from search.importing.listing import sentences\n"
        "from search.importing.sources import open_photographs\n"
        "if not os.geteuid(): os.setgid(65534); os.setuid(65534)\n"
        "found = open_photographs(Path(sys.argv[1]))\n"
        "print(*found.names, *sentences(found.unused), sep='\\n')\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code, str(public_folder)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert sorted(ran.stdout.splitlines(), reverse=True) == [
        "a.jpg",
        "1 folder was not used (it may not be opened: allow reading): “closed”.",
        "1 file was not used (it may not be read: allow reading): “mute”.",
    ]


# ---- tables among photographs


def tabled(table: bytes, name: str = "note.csv") -> list[tuple[str, bytes]]:
    files = {name: table, "a.jpg": encode(draw(1)), "b.jpg": encode(draw(2))}
    return list(files.items())


def folder(root: Path, files: list[tuple[str, bytes]]) -> Path:
    root.mkdir()
    for name, data in files:
        (root / name).write_bytes(data)
    return root


def test_a_table_that_names_some_photographs_leaves_the_others(shop: Shop, tmp_path: Path) -> None:
    plan = shop.plan(photos=folder(tmp_path / "p", tabled(b"file,note\na.jpg,ok\n")))
    shop.apply(plan)
    assert {p.id: p.attributes for p in shop.catalogue.products()} == {"a": {"note": "ok"}, "b": {}}
    assert plan.notes == (
        "The table “note.csv” among the photographs says what the products are.",
        "It does not name 1 photograph, each of which becomes a product of its own: “b.jpg”.",
    )


@pytest.mark.parametrize(
    "table",
    [b"when,who\nmonday,ann\n", b"id,file\n1,other.jpg\n", b"", b'id,"file\n', b"\x00\x01" * 99],
)
def test_a_table_about_something_else_stops_nothing(
    shop: Shop, tmp_path: Path, table: bytes
) -> None:
    plan = shop.plan(photos=folder(tmp_path / "p", tabled(table)))
    assert {(row.id, row.verdict) for row in plan.rows} == {("a", "new"), ("b", "new")}
    assert plan.notes[0].startswith("The table “note.csv” among the photographs ")
    assert "not used" in plan.notes[0]
    assert plan.left_out == 1


def test_several_tables_are_not_chosen_from(shop: Shop, tmp_path: Path) -> None:
    files = [*tabled(b"id,file\n1,a.jpg\n"), ("other.csv", b"id,file\n2,b.jpg\n")]
    plan = shop.plan(photos=folder(tmp_path / "p", files))
    assert {row.id for row in plan.rows} == {"a", "b"}
    assert "“note.csv”, “other.csv”" in plan.notes[0]
    assert plan.left_out == 2


# ---- uploads


def test_uploads_of_one_name_are_several_photographs(shop: Shop) -> None:
    contents = [encode(draw(n)) for n in range(3)]
    files = [("image.jpg", data) for data in contents]
    plan = shop.plan(photos=[*files, files[0], ("image (1).jpg", encode(draw(9)))])
    assert [row.id for row in plan.rows] == ["image (1)", "image (2)", "image (3)", "image (4)"]
    assert plan.notes == ("1 photograph was not used (given twice): “image.jpg”.",)
    shop.apply(plan)
    assert len(shop.catalogue.photos()) == 4


def test_a_table_cannot_mean_one_of_several_of_a_name(shop: Shop) -> None:
    files = [("image.jpg", encode(draw(n))) for n in range(2)]
    (row,) = shop.plan("id,file\n1,image.jpg\n", files).rows
    assert row.verdict == "missing"
    assert "could be 2 photographs of that name, here “image (1).jpg”, “image (2).jpg”" in (
        row.sentence
    )
    (row,) = shop.plan("id,file\n1,image (2).jpg\n", files).rows
    assert row.verdict == "new"


@pytest.mark.parametrize("name", ["a|b.jpg", " a.jpg", "a.jpg|b.jpg", "a  b.jpg", "a,b.jpg"])
def test_names_with_signs_of_lists_are_names(shop: Shop, name: str) -> None:
    (row,) = shop.plan(f'id,file\n1,"{name}"\n', [(name, DATA)]).rows
    assert row.verdict == "new"
    assert row.files == (name,)
    shop.load(photos=[(name, DATA)])
    assert [photo.source for photo in shop.catalogue.photos()] == [name]
