"""What a purge gives back, and what stays because somebody still needs it."""

import time

import numpy as np
import pytest

from search.catalogue import Product, purge, revisions
from search.errors import CatalogueError


def test_what_a_restorable_revision_needs_stays(stocked):
    with stocked.change("ann", "remove") as change:
        change.delete("a")
    stocked.thumbnail(stocked.photos("b")[0])
    report = stocked.purge()
    assert (report.files, report.thumbnails, report.features, report.bytes) == (0, 0, 0, 0)
    stocked.restore(2, "ann")
    assert stocked.check(thorough=True) == []
    assert stocked.fingerprints() == {"f": 3}


def test_what_nothing_needs_goes(stocked, photo, monkeypatch):
    gone = stocked.path(stocked.photos("a")[0])
    size = gone.stat().st_size
    thumb = stocked.thumbnail(stocked.photos("a")[0])
    size += thumb.stat().st_size
    with stocked.change("ann", "remove") as change:
        change.delete("a")
    for count in range(revisions.RESTORABLE):
        with stocked.change("ann", "edit") as change:
            change.update("b", name=str(count))
    (stocked.folder / "strays").mkdir()
    (stocked.folder / "strays" / "x.jpg").write_bytes(b"12345")
    later = time.time() + 7 * 24 * 3600
    monkeypatch.setattr(purge.time, "time", lambda: later)
    report = stocked.purge(yes_all=True)
    assert (report.files, report.thumbnails, report.features) == (2, 1, 1)
    assert report.bytes == size + 5
    assert not gone.exists()
    assert not thumb.exists()
    assert stocked.known_features("f", [photo("a").sha256]) == {}
    assert stocked.fingerprints() == {"f": 2}
    assert stocked.check(thorough=True) == []


def test_features_of_an_import_that_is_under_way_stay(catalogue, photo):
    catalogue.save_features("f", {photo(1).sha256: np.ones(3, np.float32)})
    assert catalogue.purge().features == 0
    assert list(catalogue.known_features("f", [photo(1).sha256])) == [photo(1).sha256]


def test_it_is_no_revision(stocked):
    stocked.purge()
    assert stocked.revision() == 2


def unneeded(catalogue, count):
    for number in range(count):
        (catalogue.folder / "photos" / f"{number}.jpg").write_bytes(b"a photograph")


def test_more_than_a_tenth_of_the_files_goes_only_when_confirmed(catalogue, photo):
    with catalogue.change("ann", "import") as change:
        for id in map(str, range(18)):
            change.put(Product(id))
            change.add_photo(id, photo(id))
    unneeded(catalogue, 2)
    assert catalogue.purge().files == 2
    unneeded(catalogue, 3)
    with pytest.raises(CatalogueError, match=r"3 of 21 photograph files.*--yes-all"):
        catalogue.purge()
    assert len(list(catalogue.folder.glob("photos/*.jpg"))) == 3
    assert catalogue.purge(yes_all=True).files == 3
    assert catalogue.check(thorough=True) == []


def test_a_refused_purge_forgets_nothing_either(stocked, monkeypatch):
    monkeypatch.setattr(revisions, "RESTORABLE", 1)
    with stocked.change("ann", "remove") as change:
        change.delete("a")
    with stocked.change("ann", "edit") as change:
        change.update("b", name="Boot")
    for _ in range(2):
        with pytest.raises(CatalogueError, match="1 of 3"):
            stocked.purge()
    stocked.restore(2, "ann")
    assert stocked.check(thorough=True) == []
