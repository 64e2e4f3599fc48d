"""What a purge gives back, and what stays because somebody still needs it."""

import time

import numpy as np

from search.catalogue import purge, revisions


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
    report = stocked.purge()
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
