"""What check finds and a repair puts right without losing a photograph."""

import errno
import os
import shutil

import pytest
from PIL import Image

from search.catalogue import Product, repair
from search.errors import CatalogueError


def path_of(catalogue, id):
    (photo,) = catalogue.photos(id)
    return catalogue.path(photo)


def kinds(findings):
    return [finding.kind for finding in findings]


class TestCheckAndRepair:
    def test_a_sound_catalogue_has_no_findings_and_repairing_it_is_no_revision(self, stocked):
        assert stocked.check(thorough=True) == []
        assert stocked.repair() == []
        assert stocked.revision() == 2

    def test_files_needed_for_a_restore_are_no_strays(self, stocked):
        with stocked.change("ann", "remove") as change:
            change.delete("a")
        assert stocked.check() == []
        stocked.repair()
        stocked.restore(2, "ann")
        assert stocked.check(thorough=True) == []

    def test_a_lost_photograph_leaves_its_product_in_a_revision(self, stocked):
        path_of(stocked, "b").unlink()
        (found,) = stocked.check()
        assert (found.kind, found.repaired) == ("missing", False)
        assert "“b” (shots/b.png) is gone" in found.sentence
        (repaired,) = stocked.repair()
        assert repaired.repaired
        assert "taken out of the catalogue" in repaired.sentence
        assert stocked.photos("b") == []
        assert stocked.product("b").status == "active"
        newest = stocked.revisions(1)[0]
        assert (newest.number, newest.actor, newest.action, newest.photos) == (
            *(3, "doctor"),
            *("repair", 1),
        )
        assert stocked.check() == []

    def test_a_lost_photograph_is_brought_back_from_the_originals(self, stocked, picture, tmp_path):
        before = stocked.photos()
        for id in "ab":
            path_of(stocked, id).unlink()
        originals = tmp_path / "originals"
        (originals / "shots").mkdir(parents=True)
        (originals / "shots" / "a.png").write_bytes(picture("a"))
        (originals / "renamed.PNG").write_bytes(picture("b"))
        (originals / "shots" / "b.png").write_bytes(b"another picture of that name")
        findings = stocked.repair(originals=originals)
        assert [f.repaired for f in findings] == [True, True]
        assert all("brought back" in f.sentence for f in findings)
        assert stocked.photos() == before
        assert stocked.revision() == 2
        assert stocked.check(thorough=True) == []

    def test_a_damaged_photograph_is_found_and_a_good_copy_put_back(self, stocked, picture):
        path_of(stocked, "a").write_bytes(b"")
        path_of(stocked, "b").write_bytes(picture("b")[:-1] + b"?")
        assert kinds(stocked.check()) == ["damaged"]
        assert kinds(stocked.check(thorough=True)) == ["damaged", "damaged"]
        copies = stocked.folder.parent / "copies"
        copies.mkdir()
        (copies / "b.png").write_bytes(picture("b"))
        stocked.repair(originals=copies, thorough=True)
        assert stocked.photos("a") == []
        assert path_of(stocked, "b").read_bytes() == picture("b")
        assert stocked.check(thorough=True) == []

    def test_strays_are_moved_aside_and_can_come_back(self, stocked, picture):
        lost = path_of(stocked, "a")
        elsewhere = stocked.folder / "photos" / "zz"
        elsewhere.mkdir()
        shutil.move(lost, elsewhere / lost.name)
        (elsewhere / "notes.txt").write_text("somebody's notes")
        (elsewhere / "half.jpg.part").write_bytes(b"half")
        assert sorted(kinds(stocked.check())) == ["leftover", "missing", "stray", "stray"]
        stocked.repair()
        assert lost.read_bytes() == picture("a")
        assert (stocked.folder / "strays" / "notes.txt").read_text() == "somebody's notes"
        assert list(elsewhere.iterdir()) == []
        assert stocked.check(thorough=True) == []

    def test_two_strays_of_one_name_are_both_there_afterwards(self, stocked):
        for number in (1, 2, 3):
            folder = stocked.folder / "photos" / f"z{number}"
            folder.mkdir()
            (folder / "notes.txt").write_text(f"notes {number}")
        stocked.repair()
        found = {path.read_text() for path in (stocked.folder / "strays").iterdir()}
        assert found == {"notes 1", "notes 2", "notes 3"}

    def test_a_product_whose_id_has_a_colon_is_named_whole(self, catalogue, photo):
        with catalogue.change("ann", "import") as change:
            for id in ("shop:shoe: 1", "shop:shoe: 2"):
                change.put(Product(id))
                change.add_photo(id, photo(id), source=f"in: {id}.png")
        path_of(catalogue, "shop:shoe: 1").unlink()
        path_of(catalogue, "shop:shoe: 2").write_bytes(b"")
        missing, damaged = catalogue.repair()
        assert missing.sentence == (
            "The photograph of product “shop:shoe: 1” (in: shop:shoe: 1.png) was gone from the "
            "disk: it was taken out of the catalogue, so add it again; the product is still there."
        )
        assert "“shop:shoe: 2” (in: shop:shoe: 2.png) was damaged: it was taken" in damaged.sentence

    def test_a_photograph_that_two_products_share_is_repaired_for_both(
        self, stocked, photo, picture, tmp_path
    ):
        with stocked.change("ann", "add") as change:
            change.add_photo("b", photo("a"))
        path_of(stocked, "a").unlink()
        assert kinds(stocked.check()) == ["missing", "missing"]
        (tmp_path / "o").mkdir()
        (tmp_path / "o" / "x.png").write_bytes(picture("a"))
        assert [f.repaired for f in stocked.repair(originals=tmp_path / "o")] == [True, True]
        assert stocked.check(thorough=True) == []

    def test_a_folder_that_was_moved_does_not_empty_the_catalogue(self, catalogue, photo):
        with catalogue.change("ann", "import") as change:
            for seed in range(repair.MANY + 1):
                change.put(Product(str(seed)))
                change.add_photo(str(seed), photo(seed))
        before = catalogue.photos()
        folder = catalogue.folder / "photos"
        folder.rename(catalogue.folder.parent / "moved")
        with pytest.raises(CatalogueError, match=r"11 of 11 photographs .* put it back"):
            catalogue.repair()
        assert catalogue.photos() == before
        assert catalogue.revision() == 1
        (catalogue.folder.parent / "moved").rename(folder)
        assert catalogue.check(thorough=True) == []

    def test_damage_inside_the_database_is_reported(self, stocked):
        stocked.close()
        path = stocked.folder / "catalogue.db"
        data = bytearray(path.read_bytes())
        half = len(data) // 2
        data[half:] = os.urandom(len(data) - half)
        path.write_bytes(data)
        (found,) = stocked.check()
        assert found.kind == "database"
        assert str(path) in found.sentence
        assert "put the last backup back" in found.sentence
        assert path.read_bytes() == bytes(data)

    def test_a_photograph_that_cannot_be_read_is_neither_damage_nor_lost(
        self, stocked, monkeypatch
    ):
        unread, sha256 = path_of(stocked, "b"), repair.sha256

        def refused(path):
            if path == unread:
                raise OSError(errno.EIO, "Input/output error")
            return sha256(path)

        monkeypatch.setattr(repair, "sha256", refused)
        path_of(stocked, "c").write_bytes(b"damaged too")
        found = stocked.check(thorough=True)
        assert kinds(found) == ["unreadable", "damaged"]
        assert f"cannot be read: check the disk, and that {unread} may be read" in found[0].sentence
        findings = stocked.repair(thorough=True)
        assert [(f.kind, f.repaired) for f in findings] == [
            ("unreadable", False),
            ("damaged", True),
        ]
        assert (len(stocked.photos("b")), unread.is_file()) == (1, True)


class TestThumbnails:
    @pytest.fixture
    def thumbnail(self, stocked):
        return stocked.thumbnail(stocked.photos("a")[0])

    def test_a_damaged_one_is_made_again_when_it_is_shown(self, stocked, thumbnail):
        whole = thumbnail.read_bytes()
        for damaged in (b"", whole[:-1], whole[:100] + b"?" + whole[101:], b"text"):
            thumbnail.write_bytes(damaged)
            assert stocked.thumbnail(stocked.photos("a")[0]).read_bytes() == whole

    def test_it_is_seen_and_put_right(self, stocked, thumbnail):
        assert stocked.check(thorough=True) == []
        thumbnail.write_bytes(thumbnail.read_bytes()[:50])
        assert stocked.check() == []
        assert kinds(stocked.check(thorough=True)) == ["thumbnail"]
        assert kinds(stocked.repair(thorough=True)) == ["thumbnail"]
        assert stocked.check(thorough=True) == []
        assert stocked.thumbnail(stocked.photos("a")[0]) == thumbnail

    def test_one_of_an_earlier_version_is_no_damage_and_is_made_again(self, stocked, thumbnail):
        whole = thumbnail.read_bytes()
        thumbnail.write_bytes(whole[:-8])
        assert stocked.check(thorough=True) == []
        assert stocked.thumbnail(stocked.photos("a")[0]).read_bytes() == whole

    def test_it_is_a_picture_for_everybody(self, thumbnail):
        with Image.open(thumbnail) as image:
            assert image.format == "JPEG"
            image.load()
