"""A snapshot that follows a change is what reading the whole catalogue gives, row by row."""

from __future__ import annotations

import contextlib
import itertools
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.catalogue import (
    Catalogue,
    Product,
    Vectors,
    following,
    reading,
    restore_backup,
    sales,
    sums,
)
from search.catalogue.reading import Listed
from search.engine import saved_tables
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, Where
from search.engine.index import follow
from search.engine.loaded import LoadedCatalogue
from search.engine.query import Price
from search.errors import CatalogueError

NET, OTHER = "net-0123456789ab", "colours-lab4x7x7"
IDS = [f"p{n}" for n in range(9)]
SHAS = [f"{n:064x}" for n in range(6)]
NOON, LATER = "2026-03-01T12:00:00Z", "2026-03-02T12:00:00Z"
FIELDS = {
    "price": st.sampled_from([None, 700, 800, 1000, 5000]),
    "stock": st.sampled_from([None, 0, 3]),
    "status": st.sampled_from(["active", "withdrawn"]),
    "name": st.sampled_from(["Boot S", "Boot M", "Bœuf café", ""]),
    "category": st.sampled_from(["shoes", "cafe\u0301", "caf\u00e9", ""]),
    "brand": st.sampled_from(["Acme", "Norrin", ""]),
    "colour": st.sampled_from(["red", "navy"]),
    "item_group": st.sampled_from(["", "g1", "g2"]),
    "attributes": st.sampled_from([{}, {"size": "S"}, {"size": "M"}, {"kind": "boot"}]),
    "sale": st.sampled_from([None, (NOON, LATER), (LATER, ""), ("", NOON)]),
}
PRODUCTS = st.fixed_dictionaries(FIELDS)
STEPS = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(IDS), PRODUCTS),
    st.tuples(
        st.just("edit"),
        st.sampled_from(IDS),
        st.sampled_from(sorted(FIELDS)).flatmap(lambda n: st.tuples(st.just(n), FIELDS[n])),
    ),
    st.tuples(st.just("delete"), st.sampled_from(IDS)),
    st.tuples(st.just("show"), st.sampled_from(IDS), st.sampled_from(SHAS)),
    st.tuples(st.just("hide"), st.integers(0, 30)),
    st.tuples(st.just("encode"), st.sampled_from(SHAS), st.booleans()),
    st.tuples(st.just("paint"), st.sampled_from(SHAS)),
    st.tuples(st.sampled_from(["undo", "redo"])),
    st.tuples(st.just("restore"), st.integers(0, 8)),
    st.tuples(st.just("by hand"), st.sampled_from(IDS), st.integers(1, 900)),
    st.tuples(st.just("clock"), st.sampled_from(["2026-02-01T00:00:00Z", NOON, LATER])),
)
CHANGES = st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=1, max_size=8)


@dataclass
class Saved:
    """Features, products and photographs that were saved at some revision."""

    kept: tuple[list[str], Vectors] | None = None
    folder: Path | None = None

    def features(self, photos: int) -> tuple[list[str], Vectors] | None:
        return self.kept

    def listed(self, rows: int) -> Listed | None:
        return self.folder and saved_tables.load(self.folder, rows)


def vector(sha256: str, *, unit: bool = True) -> np.ndarray:
    row = np.random.default_rng(int(sha256, 16)).gamma(0.5, size=7).astype(np.float32)
    return row / np.linalg.norm(row) if unit else row * 3 + 1


def product(id: str, fields: dict) -> Product:
    fields = dict(fields)
    sale, price = fields.pop("sale"), fields["price"]
    made = Product(id, currency="EUR", **fields)
    if sale is None or price is None:
        return made
    return replace(made, sale_price=price - 100, sale_from=sale[0], sale_until=sale[1])


def show(change, id: str, sha256: str) -> None:
    change._execute(
        "INSERT OR IGNORE INTO photo (product_id, sha256, file, width, height)"
        " SELECT id, ?, ?, 8, 8 FROM product WHERE id = ?",
        (sha256, f"photos/{sha256[:2]}/{sha256}.jpg", id),
    )


def make(catalogue: Catalogue, steps) -> None:
    """Make some steps as one change, or one that stands alone; what cannot be is passed over."""
    for step in steps:
        kind, *said = step
        with contextlib.suppress(CatalogueError):
            if kind in ("undo", "redo"):
                getattr(catalogue, kind)("ann")
            elif kind == "restore":
                catalogue.restore(max(catalogue.revision() - said[0], 0), "ann")
            elif kind == "by hand":
                by_hand(catalogue, *said)
            elif kind != "clock":
                with catalogue.change("ann", kind) as change:
                    one(catalogue, change, kind, *said)


def one(catalogue: Catalogue, change, kind: str, *said) -> None:
    if kind == "put":
        change.put(product(*said))
    elif kind == "edit":
        id, (name, value) = said
        old = catalogue.product(id)
        if name == "sale":
            price = None if value is None or old.price is None else old.price - 100
            dates = ("", "") if price is None else value
            change.update(id, sale_price=price, sale_from=dates[0], sale_until=dates[1])
        elif name == "price" and old.sale_price is not None:
            change.update(id, price=value, sale_price=None, sale_from="", sale_until="")
        else:
            change.update(id, **{name: value})
    elif kind == "delete":
        change.delete(said[0])
    elif kind == "show":
        show(change, *said)
    elif kind == "hide":
        change.remove_photo(said[0])
    elif kind == "paint":
        change.save_features(OTHER, {said[0]: np.eye(196, dtype=np.float32)[int(said[0], 16)]})
    else:
        sha256, compact = said
        if sha256 not in catalogue.known_features(NET, [sha256]):
            change.save_features(NET, {sha256: vector(sha256)})
            if not compact:  # as older versions stored it
                change._execute(
                    "UPDATE feature SET dtype = '<f4', vector = ? WHERE sha256 = ?",
                    (vector(sha256).tobytes(), sha256),
                )
                sums.seal(change._connection, "feature", "sha256 = ?", (sha256,))


def by_hand(catalogue: Catalogue, id: str, price: int) -> None:
    """Another program edits the file."""
    with closing(sqlite3.connect(catalogue.folder / "catalogue.db")) as connection, connection:
        connection.execute("UPDATE product SET price = ? WHERE id = ?", (price, id))


def assert_same(followed, whole) -> None:
    for name in ("revision", "products", "photos", "left_out", "moment", "cursor"):
        assert getattr(followed, name) == getattr(whole, name), name
    np.testing.assert_array_equal(followed.photo_ids, whole.photo_ids)
    np.testing.assert_array_equal(followed.features, whole.features)
    for name in ("position", "photo", "photos_of", "main_photo", "sharing", "on_sale"):
        assert getattr(followed, name) == getattr(whole, name), name
    assert followed.without_row == whole.without_row
    for name in ("row_product", "group", "row_group", "distinct_rows"):
        np.testing.assert_array_equal(getattr(followed, name), getattr(whole, name), name)


WHERES = [
    Where(Filters(in_stock=False, active=False)),
    Where(Filters(words="boot cafe")),
    Where(Filters(words="bo")),
    Where(Filters(categories=frozenset({"caf\u00e9"}), brands=frozenset({"Acme"}))),
    Where(Filters(), Price(900, "EUR"), 0.1, frozenset({"p2", "p3"})),
]


def assert_same_answers(followed: LoadedCatalogue, whole: LoadedCatalogue) -> None:
    a, b = followed.table, whole.table
    for where in WHERES:
        first, second = (table.candidates(where) for table in (a, b))
        np.testing.assert_array_equal(first.mask, second.mask)
        assert first.hidden == second.hidden
        words = where.filters.words
        np.testing.assert_array_equal(a.text.ranked(words), b.text.ranked(words))
        assert a.facets(where.filters) == b.facets(where.filters)
    assert a.text._vocabulary == b.text._vocabulary
    assert a.text._words == b.text._words
    for n in range(len(a.products)):
        np.testing.assert_array_equal(a.variants(n), b.variants(n))
    np.testing.assert_array_equal(followed.colours[:], whole.colours[:])
    for where, seed in itertools.product(WHERES, range(2)):
        if len(whole.index):
            asked = vector(f"{90 + seed:064x}")
            first, second = (each.index.search(asked, 4, where) for each in (followed, whole))
            assert first.ids.tolist() == second.ids.tolist()
            np.testing.assert_array_equal(first.scores, second.scores)


def load(catalogue: Catalogue, snapshot) -> LoadedCatalogue:
    return LoadedCatalogue(catalogue, snapshot, ExactIndex.of(snapshot))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A catalogue to copy: some products, some of them with photographs."""
    with Catalogue(tmp_path_factory.mktemp("filled") / "shop") as catalogue:
        with catalogue.change("ann", "import") as change:
            for n, id in enumerate(IDS[::2]):
                change.put(Product(id, "Boot S", "shoes", price=700 + n, currency="EUR"))
                show(change, id, SHAS[n // 2])
            change.save_features(NET, {SHAS[0]: vector(SHAS[0])})
            change.save_features(OTHER, {SHAS[0]: np.eye(196, dtype=np.float32)[0]})
        catalogue.backups()
    return catalogue.folder


@pytest.fixture
def catalogue(filled, tmp_path):
    with Catalogue(shutil.copytree(filled, tmp_path / "shop")) as opened:
        yield opened


@pytest.fixture
def clock(monkeypatch):
    moment = [NOON]
    monkeypatch.setattr(sales, "now", lambda: moment[0])
    return moment


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=CHANGES)
def test_following_is_as_reading_the_whole(filled, tmp_path_factory, changes):
    folder = shutil.copytree(filled, tmp_path_factory.mktemp("follow") / "shop")
    with Catalogue(folder) as catalogue, pytest.MonkeyPatch.context() as patch:
        moment = [NOON]
        patch.setattr(sales, "now", lambda: moment[0])
        before = load(catalogue, catalogue.snapshot(NET))
        assert before.table.text.ranked("boot").size
        assert before.colours.any()
        bare = catalogue.snapshot(NET)  # of which little was asked
        assert bare.group.size
        saved_tables.save(before.snapshot, folder)
        saved = Saved(before.snapshot.by_content(), folder)
        started = catalogue.snapshot(NET, None, saved)  # of which nothing is made
        for steps in changes:
            moment[0] = next((step[1] for step in steps if step[0] == "clock"), moment[0])
            make(catalogue, steps)
            after = catalogue.snapshot(NET, before.snapshot)
            whole = catalogue.snapshot(NET)
            assert_same(after, whole)
            bare = catalogue.snapshot(NET, bare)
            assert "photos_of" not in bare.__dict__
            np.testing.assert_array_equal(bare.group, whole.group)
            assert bare.sharing == whole.sharing
            started = catalogue.snapshot(NET, started)
            assert_same_answers(load(catalogue, started), load(catalogue, whole))
            anew = catalogue.snapshot(NET, None, saved)
            assert_same_answers(load(catalogue, anew), load(catalogue, whole))
            assert_same(anew, whole)
            old = before
            before = before.followed(after, follow(before.index, before.snapshot, after))
            assert_same_answers(before, load(catalogue, whole))
            assert old.snapshot.revision <= before.snapshot.revision
    shutil.rmtree(folder.parent)


@pytest.fixture
def before(catalogue, clock):
    taken = catalogue.snapshot(NET)
    assert len(taken.group)
    return taken


EACH = {
    "a price": ("edit", "p0", ("price", 5000)),
    "a sale": ("edit", "p0", ("sale", ("", NOON))),
    "withdrawn": ("edit", "p2", ("status", "withdrawn")),
    "an item group": ("edit", "p2", ("item_group", "g1")),
    "a new product": ("put", "p1", dict.fromkeys(FIELDS, "") | {
        "price": 5, "stock": None, "status": "active", "attributes": {}, "sale": None}),
    "a product less": ("delete", "p0"),
    "a photograph more": ("show", "p8", SHAS[5]),
    "one less": ("hide", 1),
    "a feature": ("encode", SHAS[1], True),
    "another program's edit": ("by hand", "p4", 77),
}  # fmt: skip


@pytest.mark.parametrize("kind", EACH)
def test_nothing_is_read_whole_after(catalogue, before, monkeypatch, kind):
    make(catalogue, [EACH[kind], ("edit", "p6", ("stock", 0))])
    with monkeypatch.context() as patch:
        patch.setattr(reading, "take", None)
        after = catalogue.snapshot(NET, before)
    assert after.since is not None
    assert after.products != before.products
    assert_same(after, catalogue.snapshot(NET))


def test_what_did_not_change_is_the_same_thing(catalogue, before):
    make(catalogue, [("edit", "p6", ("stock", 0))])
    after = catalogue.snapshot(NET, before)
    assert after.products[0] is before.products[0]
    assert after.vectors.blocks[0] is before.vectors.blocks[0]
    assert after.group is before.group


def rot(catalogue, statement):
    """Change a row as a failing disk does: no trigger sees it."""
    with closing(sqlite3.connect(catalogue.folder / "catalogue.db")) as connection, connection:
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute(statement)
        for _, sql in triggers:
            connection.execute(sql)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE product SET name = 'x' WHERE id = 'p6'",
        "UPDATE photo SET width = 9 WHERE id = (SELECT max(id) FROM photo)",
        "UPDATE feature SET vector = X'0000' WHERE sha256 = '" + SHAS[2] + "'",
        "UPDATE journal SET key = 'p0' WHERE id = (SELECT max(id) FROM journal)",
        "DELETE FROM journal WHERE revision = 1",
        "UPDATE revision SET sum = 5 WHERE number = 1",
        "UPDATE setting SET value = '3' WHERE key = 'journal_from'",
    ],
)
def test_where_it_is_not_sure_all_is_read(catalogue, before, statement):
    make(catalogue, [("edit", "p6", ("stock", 0)), ("show", "p6", SHAS[2])])
    make(catalogue, [("encode", SHAS[2], True), ("edit", "p6", ("stock", 3))])
    rot(catalogue, statement)
    after = catalogue.snapshot(NET, before)
    assert after.since is None
    assert_same(after, catalogue.snapshot(NET))


def test_what_was_damaged_is_looked_at_again(catalogue, clock):
    rot(catalogue, "UPDATE product SET name = 'x' WHERE id = 'p6'")
    before = catalogue.snapshot(NET)
    assert len(before.left_out) == 2
    make(catalogue, [("edit", "p0", ("stock", 0))])
    assert_same(catalogue.snapshot(NET, before), catalogue.snapshot(NET))
    catalogue.repair()
    make(catalogue, [("edit", "p0", ("stock", 3))])
    healed = catalogue.snapshot(NET, before)
    assert (healed.left_out, len(healed.products)) == ((), 5)


def test_a_backup_put_back_has_another_history(catalogue, before):
    make(catalogue, [("edit", "p0", ("price", 5000)), ("encode", SHAS[1], True)])
    later = catalogue.snapshot(NET, before)
    backup = catalogue.backups()[-1]
    restore_backup(catalogue.folder / "catalogue.db", backup.name)
    for known in (before, later):
        after = catalogue.snapshot(NET, known)
        assert after.products[0].price == 700
        assert_same(after, catalogue.snapshot(NET))
    assert len(later.photo_ids) > len(after.photo_ids)


def test_a_large_change_is_read_whole(catalogue, before, monkeypatch):
    monkeypatch.setattr(following, "_FEW", 2)
    make(catalogue, [("edit", "p0", ("price", 5000)), ("edit", "p2", ("price", 5000))])
    assert catalogue.snapshot(NET, before).since is not None
    make(catalogue, [("edit", "p0", ("price", 800)), ("edit", "p2", ("price", 800))])
    after = catalogue.snapshot(NET, before)
    assert after.since is None
    assert_same(after, catalogue.snapshot(NET))


def test_a_forgotten_journal_is_no_guide(catalogue, before):
    for n in range(55):
        make(catalogue, [("edit", "p0", ("price", 1000 + n))])
    near = catalogue.snapshot(NET, before)
    make(catalogue, [("edit", "p2", ("price", 5000))])
    catalogue.purge(yes_all=True)
    assert catalogue.snapshot(NET, near).since is not None
    assert catalogue.snapshot(NET, before).since is None
    assert_same(catalogue.snapshot(NET, before), catalogue.snapshot(NET, near))


def test_a_sale_that_starts_changes_prices_alone(catalogue, clock):
    make(catalogue, [("edit", "p0", ("sale", (LATER, "")))])
    before = catalogue.snapshot(NET)
    assert (before.is_over(NOON), before.is_over(LATER)) == (False, True)
    clock[0] = LATER
    after = before.at(LATER)
    assert after.since.changed.tolist() == [0]
    assert (after.products[0].price, after.products[0].was) == (600, 700)
    assert_same(after, catalogue.snapshot(NET))


def test_saved_features_need_not_be_read(catalogue, clock, monkeypatch):
    whole = catalogue.snapshot(NET)
    shas = [whole.photo[id].sha256 for id in whole.photo_ids.tolist()]
    saved = (shas, whole.vectors)
    again = catalogue.snapshot(NET, None, Saved(saved))
    assert (again.fetched, whole.fetched) == (0, 2)
    assert_same(again, whole)
    make(catalogue, [("encode", SHAS[1], True), ("hide", 1), ("show", "p1", SHAS[0])])
    make(catalogue, [("show", "p8", SHAS[0])])
    assert_same(catalogue.snapshot(NET, None, Saved(saved)), catalogue.snapshot(NET))
    assert_same(catalogue.snapshot(NET, None, Saved()), catalogue.snapshot(NET))
