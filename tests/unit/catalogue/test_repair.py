"""What check finds, mend puts right without losing a photograph, and purge gives back."""

import os
import shutil
import time

import numpy as np
import pytest

from search import photos
from search.catalogue import Catalogue, Product, repair, revisions
from search.errors import CatalogueError


@pytest.fixture
def catalogue(tmp_path):
    with Catalogue(tmp_path / "shoes") as opened:
        yield opened


@pytest.fixture
def photo(picture):
    return lambda seed: photos.read(picture(seed))


@pytest.fixture
def stocked(catalogue, photo):
    """Three products with a photograph and a feature each."""
    with catalogue.change("ann", "import") as change:
        for id in "abc":
            change.put(Product(id))
            change.add_photo(id, photo(id), source=f"shots/{id}.png")
    features = {photo(id).sha256: np.ones(3, np.float32) for id in "abc"}
    catalogue.keep_features("f", features)
    return catalogue


def path_of(catalogue, id):
    (photo,) = catalogue.photos(id)
    return catalogue.path(photo)


def kinds(findings):
    return [finding.kind for finding in findings]


class TestCheckAndMend:
    def test_a_sound_catalogue_has_no_findings_and_mending_it_is_no_revision(self, stocked):
        assert stocked.check(thorough=True) == []
        assert stocked.mend() == []
        assert stocked.revision() == 2

    def test_files_kept_for_a_restore_are_no_strays(self, stocked):
        with stocked.change("ann", "remove") as change:
            change.delete("a")
        assert stocked.check() == []
        stocked.mend()
        stocked.restore(2, "ann")
        assert stocked.check(thorough=True) == []

    def test_a_lost_photograph_leaves_its_product_in_a_revision(self, stocked):
        path_of(stocked, "b").unlink()
        (found,) = stocked.check()
        assert (found.kind, found.mended) == ("missing", False)
        assert "“b” (shots/b.png) is gone" in found.sentence
        (mended,) = stocked.mend()
        assert mended.mended
        assert "taken out of the catalogue" in mended.sentence
        assert stocked.photos("b") == []
        assert stocked.product("b").status == "active"
        newest = stocked.revisions(1)[0]
        assert (newest.number, newest.actor, newest.action, newest.photos) == (
            *(3, "doctor"),
            *("mend", 1),
        )
        assert stocked.check() == []

    def test_a_lost_photograph_is_brought_back_from_the_originals(self, stocked, picture, tmp_path):
        kept = stocked.photos()
        for id in "ab":
            path_of(stocked, id).unlink()
        originals = tmp_path / "originals"
        (originals / "shots").mkdir(parents=True)
        (originals / "shots" / "a.png").write_bytes(picture("a"))
        (originals / "renamed.PNG").write_bytes(picture("b"))
        (originals / "shots" / "b.png").write_bytes(b"another picture of that name")
        findings = stocked.mend(originals=originals)
        assert [f.mended for f in findings] == [True, True]
        assert all("brought back" in f.sentence for f in findings)
        assert stocked.photos() == kept
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
        stocked.mend(originals=copies, thorough=True)
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
        stocked.mend()
        assert lost.read_bytes() == picture("a")
        assert (stocked.folder / "strays" / "notes.txt").read_text() == "somebody's notes"
        assert list(elsewhere.iterdir()) == []
        assert stocked.check(thorough=True) == []

    def test_a_photograph_that_two_products_share_is_mended_for_both(
        self, stocked, photo, picture, tmp_path
    ):
        with stocked.change("ann", "add") as change:
            change.add_photo("b", photo("a"))
        path_of(stocked, "a").unlink()
        assert kinds(stocked.check()) == ["missing", "missing"]
        (tmp_path / "o").mkdir()
        (tmp_path / "o" / "x.png").write_bytes(picture("a"))
        assert [f.mended for f in stocked.mend(originals=tmp_path / "o")] == [True, True]
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
            catalogue.mend()
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
        assert "put a copy of it back" in found.sentence
        assert path.read_bytes() == bytes(data)


class TestPurge:
    def test_what_a_kept_revision_needs_stays(self, stocked):
        with stocked.change("ann", "remove") as change:
            change.delete("a")
        stocked.thumbnail(stocked.photos("b")[0])
        report = stocked.purge()
        assert (report.files, report.thumbnails, report.features, report.bytes) == (0, 0, 0, 0)
        stocked.restore(2, "ann")
        assert stocked.check(thorough=True) == []
        assert stocked.fingerprints() == {"f": 3}

    def test_what_nothing_needs_goes(self, stocked, photo, monkeypatch):
        gone = path_of(stocked, "a")
        size = gone.stat().st_size
        thumb = stocked.thumbnail(stocked.photos("a")[0])
        size += thumb.stat().st_size
        with stocked.change("ann", "remove") as change:
            change.delete("a")
        for count in range(revisions.KEPT):
            with stocked.change("ann", "edit") as change:
                change.update("b", name=str(count))
        (stocked.folder / "strays").mkdir()
        (stocked.folder / "strays" / "x.jpg").write_bytes(b"12345")
        later = time.time() + 7 * 24 * 3600
        monkeypatch.setattr(repair.time, "time", lambda: later)
        report = stocked.purge()
        assert (report.files, report.thumbnails, report.features) == (2, 1, 1)
        assert report.bytes == size + 5
        assert not gone.exists()
        assert not thumb.exists()
        assert stocked.known_features("f", [photo("a").sha256]) == {}
        assert stocked.fingerprints() == {"f": 2}
        assert stocked.check(thorough=True) == []

    def test_features_of_an_import_that_is_under_way_stay(self, catalogue, photo):
        catalogue.keep_features("f", {photo(1).sha256: np.ones(3, np.float32)})
        assert catalogue.purge().features == 0
        assert list(catalogue.known_features("f", [photo(1).sha256])) == [photo(1).sha256]

    def test_it_is_no_revision(self, stocked):
        stocked.purge()
        assert stocked.revision() == 2
