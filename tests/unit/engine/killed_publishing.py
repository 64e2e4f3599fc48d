"""A publication that is killed at chosen moments, and whether the next one completes it.

`python -m tests.unit.engine.killed_publishing FOLDER MOMENTS` makes two revisions of a shop, then
for each of so many moments publishes in a process of its own that ends itself with SIGKILL: before,
during or after one of its calls to Milvus. It publishes one revision, the next one, and a rebuild;
a second process then finds what the first left and does the same to the end. Processes are forked,
for each would else take seconds to load what it needs. One line is printed for each moment.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import milvus_lite.adapter.grpc.server  # noqa: F401  loaded before forking
import numpy as np
import pymilvus

from search import photos
from search.catalogue import Catalogue, Product
from search.engine import publishing
from search.engine.bands import bands_of
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, Where
from search.engine.milvus import open_published
from search.engine.milvus.address import Address
from search.engine.milvus.client import connect, disconnect
from search.engine.publishing import Publisher
from search.engine.verifying import verify
from search.errors import NothingPublished
from tests.helpers import FakeExtractor, draw, encode

CALLS = (
    *("create_collection", "create_index", "load_collection", "upsert", "delete", "flush"),
    *("create_alias", "alter_alias", "drop_collection"),
)
FINGERPRINT = FakeExtractor.fingerprint
PRODUCTS = 24
EVERYTHING = Where(Filters(in_stock=False, active=False))


def shops(folder: Path) -> list[Path]:
    """Two folders of a catalogue “shop”: as it was, and a revision later."""
    first, second = folder / "before" / "shop", folder / "after" / "shop"
    with Catalogue(first) as catalogue:
        extractor, features = FakeExtractor(), {}
        with catalogue.change("test", "fill") as change:
            for n in range(PRODUCTS):
                change.put(
                    Product(f"P{n:02}", f"Shoe {n}", ("tops", "bags")[n % 2], price=100 * n + 100,
                            currency="EUR", stock=3)
                )  # fmt: skip
                if n % 6 == 5:
                    continue
                photo = photos.read(encode(draw(n)))
                change.add_photo(f"P{n:02}", photo, source=f"{n}.png")
                features[photo.sha256] = extractor.embed([photo])[0]
        catalogue.save_features(FINGERPRINT, features)
        bands_of(catalogue, catalogue.snapshot(FINGERPRINT))
    shutil.copytree(first, second)
    with Catalogue(second) as catalogue, catalogue.change("test", "edit") as change:
        change.update("P01", stock=0)
        change.update("P02", status="withdrawn")
        change.delete("P03")
        change.put(Product("P90", "New", "hats"))
        change.remove_photo(5)
    return [first, second]


def publish_all(folders: list[Path], at: Address) -> None:
    """Publish both revisions, and the later one once more anew."""
    for folder, rebuild in ((folders[0], False), (folders[1], False), (folders[1], True)):
        with (
            Catalogue(folder) as catalogue,
            Publisher(catalogue, FINGERPRINT, at, grace=0) as publisher,
        ):
            publisher.publish(rebuild=rebuild)


def kill_at(moment: int) -> Callable[[], int]:
    """End this process at a moment: three for each call, before, during and after it.

    Give what counts the calls so far.
    """
    number, kind = divmod(moment, 3)
    calls = 0

    def killing(call: Callable[..., object]) -> Callable[..., object]:
        def killed(*args: object, **named: object) -> object:
            nonlocal calls
            calls += 1
            if calls - 1 != number:
                return call(*args, **named)
            if kind == 0:
                end()
            if kind == 1:
                threading.Timer(0.002, end).start()
            result = call(*args, **named)
            end()
            return result

        return killed

    for name in CALLS:
        setattr(pymilvus.MilvusClient, name, killing(getattr(pymilvus.MilvusClient, name)))
    return lambda: calls


def end() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def complete(folders: list[Path], at: Address) -> None:
    """Read what a killed process left, publish to the end, and compare with the catalogue."""
    with contextlib.suppress(NothingPublished):
        left = open_published(at, consistency="Strong")
        assert left.state.products == PRODUCTS
        found = left.index.search(np.ones(FakeExtractor.size, np.float32), 3, EVERYTHING)
        assert len(found.ids) == 3  # whatever was in use before goes on answering
        assert left.product("P00").name == "Shoe 0"
    publish_all(folders, at)
    with Catalogue(folders[1]) as catalogue:
        found = verify(catalogue, FINGERPRINT, at, sample=5)
        assert found.holds, found
        assert found.recall == 1
        published = open_published(at, consistency="Strong")
        snapshot = catalogue.snapshot(FINGERPRINT)
        query = snapshot.features[0]
        exact = ExactIndex.of(snapshot).search(query, 99, EVERYTHING)
        assert published.index.search(query, 99, EVERYTHING).ids.tolist() == exact.ids.tolist()
        assert tuple(p.regular() for p in published.matching(EVERYTHING)) == tuple(
            p.regular() for p in snapshot.products
        )
        with Publisher(catalogue, FINGERPRINT, at, grace=0) as publisher:
            again = publisher.publish()
        assert (again.written, again.deleted, again.switched) == (0, 0, False), again
    assert len(connect(at).client.list_collections()) == 1


def forked(action: Callable[[], None]) -> int:
    """Run in a process of its own; give its exit status, negative for a signal."""
    child = os.fork()
    if not child:
        code = 1
        try:
            action()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, moments: int) -> int:
    """Try so many moments, evenly spread; give how many failed."""
    publishing._TOGETHER = 6
    made = shops(folder)
    count = folder / "calls"

    def counted() -> None:
        at, calls = Address.parse(str(folder / "whole.db")), kill_at(-3)
        publish_all(made, at)
        disconnect(at)
        count.write_text(str(calls()))

    assert forked(counted) == 0
    every, failed = 3 * int(count.read_text()), 0
    for moment in np.unique(np.linspace(0, every - 1, moments).astype(int)).tolist():
        at, started = Address.parse(str(folder / f"{moment}.db")), time.monotonic()

        def killed(at: Address = at, moment: int = moment) -> None:
            kill_at(moment)
            publish_all(made, at)

        codes = forked(killed), forked(lambda at=at: complete(made, at))
        good = codes == (-signal.SIGKILL, 0)
        failed += not good
        spent = time.monotonic() - started
        print(f"moment {moment} of {every}: {'completed' if good else codes} {spent:.2f} s")
        sys.stdout.flush()
    return failed


if __name__ == "__main__":
    sys.exit(min(main(Path(sys.argv[1]), int(sys.argv[2])), 99))
