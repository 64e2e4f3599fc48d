import io
import os
import stat
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from search.errors import ImportRefused, PhotoError
from search.importing.finder import Finder
from search.importing.sources import MissingError, OutsideError, open_photographs
from search.photos import MAX_BYTES
from tests.helpers import draw, encode

DATA = encode(draw("archive"))


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], **options: int) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", **options) as archive:
        warnings.simplefilter("ignore")  # zipfile warns of a name written twice
        for name, data in entries:
            archive.writestr(name, data)
    return out.getvalue()


def info(name: str, mode: int = 0o100644) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    return entry


def fill(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(DATA)
    return root


# ---- the same contract for all three


@pytest.fixture(params=["folder", "zip file", "zip bytes", "uploads"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> object:
    names = ["b.png", "a.JPG", "in/ner/c.webp"]
    if request.param == "folder":
        return fill(tmp_path / "photos", *names)
    if request.param == "uploads":
        return dict.fromkeys(names, DATA)
    data = zipped(*((name, DATA) for name in names))
    if request.param == "zip bytes":
        return data
    (tmp_path / "p.zip").write_bytes(data)
    return tmp_path / "p.zip"


def test_photographs_are_listed_and_read(source: object) -> None:
    photographs = open_photographs(source)
    assert photographs.names == ("a.JPG", "b.png", "in/ner/c.webp")
    assert all(photographs.read(name) == DATA for name in photographs.names)
    assert not photographs.refused


def test_names_are_found_with_forgiveness(source: object) -> None:
    finder = Finder(open_photographs(source))
    for asked in (
        "a.JPG",
        "A.jpg",
        "./a.jpg",
        "wrong/folder/a.jpg",
        "https://x.example/s/a.jpg?v=1",
    ):
        assert finder.find(asked) == "a.JPG"
    assert finder.find("in\\ner\\c.webp") == "in/ner/c.webp"


@pytest.mark.parametrize(
    "asked",
    ["/etc/passwd.jpg", "../a.jpg", "in/../../a.jpg", "..\\a.jpg", "C:\\a.jpg", "C:a.jpg",
     "\\\\host\\share\\a.jpg", "a\0.jpg"],
)  # fmt: skip
def test_a_path_outside_is_told_apart(source: object, asked: str) -> None:
    with pytest.raises(OutsideError, match=r"outside the folder.*\.$") as caught:
        Finder(open_photographs(source)).find(asked)
    assert "\n" not in str(caught.value)


def test_what_is_not_there_is_missing(source: object) -> None:
    with pytest.raises(MissingError, match=r"not among the photographs"):
        Finder(open_photographs(source)).find("nothing.jpg")


# ---- names


def test_one_name_in_two_folders_needs_its_folder() -> None:
    finder = Finder(open_photographs({"x/a.jpg": DATA, "y/a.jpg": DATA}))
    assert finder.find("y/a.jpg") == "y/a.jpg"
    with pytest.raises(MissingError, match=r"could be 2 photographs"):
        finder.find("a.jpg")


def test_accents_written_either_way_are_one() -> None:
    finder = Finder(open_photographs({"e\u0301te\u0301.jpg": DATA}))
    assert finder.find("\u00e9t\u00e9.jpg") == "e\u0301te\u0301.jpg"


def test_what_systems_leave_behind_is_not_listed(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", ".hidden.jpg", ".cache/b.jpg", "Thumbs.db", "desktop.ini")
    fill(tmp_path, "@eaDir/a.jpg/SYNOPHOTO_THUMB_XL.jpg", "in/#recycle/c.jpg", "in/@__thumb/a.jpg")
    assert open_photographs(tmp_path).names == ("a.jpg",)
    data = zipped(("__MACOSX/._a.jpg", b""), ("a.jpg", DATA), ("x/", b""))
    assert open_photographs(data).names == ("a.jpg",)


def test_tables_beside_the_photographs_are_known(tmp_path: Path) -> None:
    fill(tmp_path, "a.jpg", "products.csv", "sub/feed.TSV")
    assert open_photographs(tmp_path).tables == ("products.csv", "sub/feed.TSV")
    assert open_photographs(zipped(("p.csv", b"id\n1"))).read("p.csv") == b"id\n1"


# ---- folders that lie


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    outside = fill(tmp_path / "outside", "secret.jpg")
    folder = fill(tmp_path / "photos", "a.jpg")
    (folder / "link.jpg").symlink_to(outside / "secret.jpg")
    (folder / "inner.jpg").symlink_to(folder / "a.jpg")
    (folder / "sub").symlink_to(outside)
    photographs = open_photographs(folder)
    assert photographs.names == ("a.jpg", "inner.jpg")
    with pytest.raises(OutsideError):
        Finder(photographs).find("link.jpg")


def test_a_file_that_went_is_missing_and_a_folder_that_went_ends_it(tmp_path: Path) -> None:
    folder = fill(tmp_path / "photos", "a.jpg", "b.jpg")
    photographs = open_photographs(folder)
    (folder / "a.jpg").unlink()
    with pytest.raises(MissingError, match="put it back"):
        photographs.read("a.jpg")
    folder.rename(tmp_path / "elsewhere")
    with pytest.raises(ImportRefused, match=r"has gone.*nothing was changed"):
        photographs.read("b.jpg")


def test_a_pipe_in_the_folder_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    with pytest.raises(PhotoError, match="not a file"):
        open_photographs(tmp_path).read("pipe.jpg")


def test_a_huge_file_is_not_read_whole(tmp_path: Path) -> None:
    with (tmp_path / "huge.jpg").open("wb") as out:
        out.truncate(10**12)
    assert len(open_photographs(tmp_path).read("huge.jpg")) == MAX_BYTES + 1


def test_nothing_at_that_place(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="not there"):
        open_photographs(tmp_path / "gone.zip")


# ---- zips that lie


@pytest.mark.parametrize("name", ["../up.jpg", "/abs.jpg", "C:\\win.jpg", "a/../../up.jpg"])
def test_zip_slip_is_refused_by_entry(name: str, tmp_path: Path) -> None:
    photographs = open_photographs(zipped((name, DATA), ("good.jpg", DATA)))
    assert photographs.names == ("good.jpg",)
    (error,) = photographs.refused.values()
    assert isinstance(error, OutsideError)


def test_a_zero_byte_in_a_name_does_not_hide_the_rest() -> None:
    data = zipped(("good.jpg/../x.jpg", DATA)).replace(b"good.jpg/../x.jpg", b"good.jpg\0/../x.jp")
    photographs = open_photographs(data)
    assert photographs.names == ()


def test_links_in_a_zip_are_refused() -> None:
    link = info("link.jpg", stat.S_IFLNK | 0o777)
    photographs = open_photographs(zipped((link, b"/etc/passwd"), ("a.jpg", DATA)))
    assert photographs.names == ("a.jpg",)
    assert "link" in str(photographs.refused["link.jpg"])


def test_a_zip_bomb_is_refused_by_its_entry() -> None:
    data = zipped(("bomb.bmp", bytes(MAX_BYTES + 1)), compression=zipfile.ZIP_DEFLATED)
    assert len(data) < 100_000
    photographs = open_photographs(data)
    assert photographs.names == ()
    assert "20 MB" in str(photographs.refused["bomb.bmp"])


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_whole() -> None:
    data = bytearray(zipped(("b.bmp", bytes(MAX_BYTES * 3)), compression=zipfile.ZIP_DEFLATED))
    real, claimed = struct.pack("<I", MAX_BYTES * 3), struct.pack("<I", 5000)
    assert data.count(real) == 2
    photographs = open_photographs(bytes(data.replace(real, claimed)))
    with pytest.raises(PhotoError, match="damaged inside the zip"):
        photographs.read("b.bmp")


def test_a_bomb_of_shared_bytes_is_refused_whole() -> None:
    whole = zipped(*((f"{n}.jpg", DATA) for n in range(20)))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        start = archive.start_dir
    first = len(DATA) + 30 + len("0.jpg")
    # All entries of the directory point at the first one's bytes; the rest is cut away.
    directory = bytearray(whole[start:])
    place = 0
    while directory[place : place + 4] == b"PK\x01\x02":
        directory[place + 42 : place + 46] = bytes(4)
        place += 46 + directory[place + 28]
    directory[place + 16 : place + 20] = struct.pack("<I", first)
    with pytest.raises(ImportRefused, match="unsafe"):
        open_photographs(whole[:first] + bytes(directory))


def test_a_locked_entry_is_refused() -> None:
    data = bytearray(zipped(("a.jpg", DATA)))
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "password" in str(open_photographs(bytes(data)).refused["a.jpg"])


def test_a_name_twice_is_refused() -> None:
    photographs = open_photographs(zipped(("a.jpg", DATA), ("a.jpg", b"other")))
    assert photographs.names == ()
    assert "twice" in str(photographs.refused["a.jpg"])


def test_a_damaged_entry_is_one_photograph() -> None:
    data = zipped(("a.jpg", DATA), ("b.jpg", DATA)).replace(DATA, DATA[:-9] + b"x" * 9, 1)
    photographs = open_photographs(data)
    with pytest.raises(PhotoError, match="damaged inside the zip"):
        photographs.read("a.jpg")
    assert photographs.read("b.jpg") == DATA


@pytest.mark.parametrize("data", [b"", b"no zip", zipped(("a.jpg", DATA))[:-30]])
def test_what_is_no_zip_is_refused(data: bytes) -> None:
    with pytest.raises(ImportRefused, match="not a whole zip"):
        open_photographs(data)


def test_marks_in_names_stay_out_of_sentences() -> None:
    photographs = open_photographs(zipped(("../a\u202egpj.jpg", DATA)))
    (error,) = photographs.refused.values()
    assert "\u202e" not in str(error)
