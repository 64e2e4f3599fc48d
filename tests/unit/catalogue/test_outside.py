"""Rows of a foreign catalogue that name files outside its folder: told, and left alone."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import zipfile

import pytest

from search import workspace
from search.catalogue import Catalogue, Product
from search.catalogue.files import inside
from search.engine.encoding import encode_missing
from search.errors import OutsideError
from search.importing.export import export_zip
from search.insight.health import file_health

SECRET = b"somebody's secret"
UNSAFE = (
    *("../secret.txt", "photos/../../secret.txt", "/etc/passwd", "", ".", "..", "photos//x"),
    *("photos/./x.jpg", "catalogue.db", "catalogue.db-wal", "photos\\..\\..\\x", "C:/x.jpg"),
    *("photos/a\0b", "photos/" + "x" * 300, "photos" + "/x" * 5000),
)


@pytest.fixture
def secret(catalogue):
    file = catalogue.folder.parent / "secret.txt"
    file.write_bytes(SECRET)
    yield file
    assert file.read_bytes() == SECRET
    assert sorted(path.name for path in file.parent.iterdir() if path.is_file()) == ["secret.txt"]


def point(catalogue, id, file, sha256=None):
    """Let a product's photograph be stored elsewhere, as a foreign database may say."""
    connection = sqlite3.connect(catalogue.folder / "catalogue.db")
    with connection:
        connection.execute("UPDATE photo SET file = ? WHERE product_id = ?", (file, id))
        if sha256 is not None:
            connection.execute("UPDATE photo SET sha256 = ? WHERE product_id = ?", (sha256, id))
    connection.close()


@pytest.mark.parametrize("file", UNSAFE)
def test_a_place_elsewhere_is_refused(catalogue, file):
    with pytest.raises(OutsideError, match="leads out of its folder"):
        inside(catalogue.folder, file)


@pytest.mark.parametrize("file", [7, None, b"photos/x.jpg"])
def test_what_is_no_text_is_no_place(catalogue, file):
    with pytest.raises(OutsideError):
        inside(catalogue.folder, file)


def test_a_link_that_stays_inside_is_used_and_one_that_leads_out_is_not(stocked, secret):
    folder = stocked.folder
    (folder / "photos" / "near").symlink_to(folder / "photos")
    (folder / "photos" / "far").symlink_to(folder.parent)
    (folder / "photos" / "far.txt").symlink_to(secret)
    (folder / "photos" / "none.txt").symlink_to(folder.parent / "not there")
    assert inside(folder, "photos/near/x.jpg") == folder / "photos/near/x.jpg"
    for file in ("photos/far/secret.txt", "photos/far.txt", "photos/none.txt"):
        with pytest.raises(OutsideError):
            inside(folder, file)


def test_a_pipe_is_no_place(stocked):
    os.mkfifo(stocked.folder / "photos" / "pipe.jpg")  # opening one waits for a writer
    with pytest.raises(OutsideError):
        inside(stocked.folder, "photos/pipe.jpg")


def test_a_catalogue_reached_by_a_link_is_used(stocked, tmp_path):
    (tmp_path / "link").symlink_to(stocked.folder)
    assert inside(tmp_path / "link", "photos/x.jpg") == tmp_path / "link" / "photos" / "x.jpg"


@pytest.mark.parametrize("file", ["../secret.txt", "photos/far.txt"])
def test_no_reader_follows_it(stocked, secret, extractor, tmp_path, file):
    (stocked.folder / "photos" / "far.txt").symlink_to(secret)
    point(stocked, "b", file)
    (photo,) = stocked.photos("b")
    (tmp_path / "out").mkdir()
    for act in (stocked.path, stocked.thumbnail):
        with pytest.raises(OutsideError):
            act(photo)
    with pytest.raises(OutsideError):
        export_zip(stocked, tmp_path / "out" / "shop.zip")
    assert list((tmp_path / "out").iterdir()) == []
    done = encode_missing(stocked, extractor)
    assert (done.encoded, len(done.failed)) == (2, 1)
    issues = file_health(stocked, stocked.snapshot("f"))
    assert [(i.kind, i.product.id) for i in issues] == [("unreadable file", "b")]


def test_a_thumbnail_is_not_written_where_the_checksum_leads(stocked, secret, tmp_path):
    (photo,) = stocked.photos("a")
    hostile = dataclasses.replace(photo, sha256="../../../../../../../tmp/thumb")
    with pytest.raises(OutsideError):
        stocked.thumbnail(hostile)


@pytest.mark.parametrize(
    "file", ["../secret.txt", "/etc/passwd", "catalogue.db", "backups/x.db", "strays/x.png"]
)
@pytest.mark.parametrize("thorough", [False, True])
def test_doctor_names_it_and_a_repair_touches_only_the_row(stocked, secret, file, thorough):
    for part in ("backups", "strays"):
        (stocked.folder / part).mkdir(exist_ok=True)
    for own in ("backups/x.db", "strays/x.png"):
        (stocked.folder / own).write_bytes(SECRET)
    point(stocked, "b", file)
    (found,) = [f for f in stocked.check(thorough=thorough) if f.kind == "outside"]
    assert "“b” (shots/b.png) has a place outside the catalogue" in found.sentence
    stocked.repair(thorough=thorough, originals=stocked.folder.parent)
    assert stocked.photos("b") == []
    assert stocked.product("b").active
    assert not [f for f in stocked.check(thorough=thorough) if f.kind == "outside"]
    assert len(stocked.photos()) == 2
    assert (stocked.folder / "backups" / "x.db").read_bytes() == SECRET
    assert (stocked.folder / "strays" / "x.png").read_bytes() == SECRET


def test_a_repair_reads_no_original_outside_the_folder_named(stocked, secret, tmp_path, picture):
    (tmp_path / "elsewhere.png").write_bytes(picture("b"))
    (photo,) = stocked.photos("b")
    stocked.path(photo).unlink()
    connection = sqlite3.connect(stocked.folder / "catalogue.db")
    with connection:
        connection.execute("UPDATE photo SET source = '../elsewhere.png' WHERE id = ?", (photo.id,))
    connection.close()
    (tmp_path / "originals").mkdir()
    stocked.repair(originals=tmp_path / "originals")
    assert stocked.photos("b") == []
    (tmp_path / "elsewhere.png").unlink()


@pytest.mark.parametrize("part", ["photos", "thumbs", "strays"])
def test_a_folder_that_is_a_link_to_elsewhere_is_never_emptied(stocked, tmp_path, part):
    elsewhere = tmp_path / "pictures"
    elsewhere.mkdir()
    (elsewhere / "holiday.jpg").write_bytes(SECRET)
    if (stocked.folder / part).exists():
        (stocked.folder / part).rename(tmp_path / "before")
    (stocked.folder / part).symlink_to(elsewhere)
    with pytest.raises(OutsideError):
        stocked.purge()
    if part == "photos":
        assert [f.kind for f in stocked.check()] == ["outside"]
        with pytest.raises(OutsideError):
            stocked.repair()
    assert [file.name for file in elsewhere.iterdir()] == ["holiday.jpg"]


def test_a_photograph_is_not_written_through_a_link(catalogue, photo, secret):
    new = photo(1)
    place = catalogue.folder / "photos" / new.sha256[:2] / f"{new.sha256}.png"
    place.parent.mkdir(parents=True)
    place.symlink_to(secret)
    with catalogue.change("ann", "add") as change:
        change.put(Product("p"))
        with pytest.raises(OutsideError):
            change.add_photo("p", new)
    assert catalogue.photos() == []


def test_a_sound_row_is_exported_with_its_photograph(stocked, tmp_path):
    export_zip(stocked, tmp_path / "shop.zip")
    with zipfile.ZipFile(tmp_path / "shop.zip") as archive:
        assert len(archive.namelist()) == 4


def test_the_demo_copies_nothing_its_database_does_not_hold(home, tmp_path, monkeypatch, stocked):
    demo = tmp_path / "demo"
    demo.mkdir()
    stocked.close()
    os.link(stocked.folder / "catalogue.db", demo / "catalogue.db")
    monkeypatch.setattr(workspace, "DEMO", demo)
    with pytest.raises(OutsideError):
        workspace.install_demo()
    assert list(home.iterdir()) == []


def test_a_database_that_is_a_link_is_not_opened(stocked, tmp_path):
    stocked.close()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "catalogue.db").symlink_to(stocked.folder / "catalogue.db")
    with pytest.raises(OutsideError, match="is a link"):
        Catalogue(tmp_path / "foreign")
