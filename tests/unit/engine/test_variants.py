"""Variants of one thing are one answer, and prices follow the clock."""

from __future__ import annotations

import json

import numpy as np
import pytest

from search.catalogue import Catalogue, CataloguePhoto, Product, Snapshot, sales
from search.engine import Cheaper, Filters, Options, Price, Query, SearchEngine, search_paths
from search.engine.exact import ExactIndex
from search.engine.filters import ProductTable, Where
from search.engine.index import follow
from search.engine.query import METRICS
from search.engine.results import Variants
from tests.unit.engine.features import unit_rows

ANY = Filters(in_stock=False, active=False)
EVERYTHING = Where(ANY)
THINGS, SIZES = 20, 4


def boot(thing: int, size: int, **fields) -> Product:
    """One size of one of the things: each size costs a euro more; thing 3 is in sizes by name."""
    return Product(
        f"T{thing:02}-{size}",
        name=f"Boot {thing}",
        category="boots" if thing % 2 else "shoes",
        price=1000 * (thing + 5) + 100 * (SIZES - size),
        currency="EUR",
        item_group=f"G{thing}",
        **{"stock": 3, "attributes": {"size": str(38 + size)}, **fields},
    )


def snapshot(products, rows, revision: int = 1) -> Snapshot:
    """Each product with the row of its thing, and the photograph, which its sizes share."""
    products = tuple(sorted(products, key=lambda product: product.id))
    photos = tuple(
        CataloguePhoto(_number(id := product.id), id, id[:3], "", f"{id}.jpg", 9, 9)
        for product in products
    )
    features = np.stack([rows[int(product.id[1:3])] for product in products])
    ids = np.array([photo.id for photo in photos])
    return Snapshot(revision, "fake-0", products, photos, ids, features)


def _number(id: str) -> int:
    return int(id[1:3]) * 10 + int(id[-1])


@pytest.fixture
def rows() -> np.ndarray:
    return unit_rows(THINGS)


@pytest.fixture
def shop(rows) -> Snapshot:
    return snapshot([boot(n, size) for n in range(THINGS) for size in range(SIZES)], rows)


def found(index, shop, vector, k, where=EVERYTHING, **options) -> list[str]:
    ids = index.search(vector, k, where, **options).ids.tolist()
    return [shop.photo[id].product_id for id in ids]


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 7, THINGS, 50])
def test_as_many_things_as_asked_for_in_the_order_of_a_shop_without_sizes(shop, rows, metric, k):
    single = snapshot([boot(n, 0) for n in range(THINGS)], rows)
    several, alone = ExactIndex.of(shop), ExactIndex.of(single)
    query = unit_rows(1, seed=5)[0]
    ids = found(several, shop, query, k, metric=metric)
    assert [id[:3] for id in ids] == [
        id[:3] for id in found(alone, single, query, k, metric=metric)
    ]
    assert all(id.endswith("-3") for id in ids)  # the cheapest of equally near ones
    answer = several.search(query, k, EVERYTHING, histogram=True)
    assert (answer.eligible, answer.passed) == (THINGS, THINGS)
    assert answer.histogram is not None
    assert answer.histogram.sum() == THINGS


def test_a_thing_is_eligible_if_any_of_its_variants_is(shop, rows):
    index = ExactIndex.of(shop)
    where = Where(Filters(price_max=5350, currency="EUR"))  # the three cheapest sizes of T00
    assert found(index, shop, rows[0], 9, where) == ["T00-3"]
    where = Where(Filters(price_min=5250, price_max=5350, currency="EUR"))
    assert found(index, shop, rows[0], 9, where) == ["T00-1"]


def test_the_nearest_of_different_photographs_is_shown(rows):
    colours = [boot(0, 0, colour="red"), boot(0, 1, colour="blue"), boot(1, 0)]
    shop = snapshot(colours, rows)
    features = np.stack([rows[0], rows[2], rows[1]])
    photos = tuple(
        CataloguePhoto(_number(product.id), product.id, product.id, "", "", 9, 9)
        for product in shop.products
    )
    shop = Snapshot(1, "fake-0", shop.products, photos, shop.photo_ids, features)
    index = ExactIndex.of(shop)
    assert found(index, shop, rows[0], 3)[0] == "T00-0"
    assert found(index, shop, rows[2], 3)[0] == "T00-1"
    blue = Where(Filters(colours=frozenset({"blue"})))
    assert found(index, shop, rows[0], 3, blue) == ["T00-1"]


def test_an_index_that_follows_answers_as_a_new_one(shop, rows):
    index = ExactIndex.of(shop)
    changed = [
        boot(n, size, **({"stock": 0} if n == 2 else {}))
        for n in range(1, THINGS)
        for size in range(SIZES if n != 5 else 1)
    ]
    apart = [Product("T03-9", price=1, currency="EUR", item_group="other")]
    after = snapshot([*changed, *apart], rows, revision=2)
    followed, fresh = follow(index, shop, after), ExactIndex.of(after)
    for where in (EVERYTHING, Where(Filters())):
        for query in rows[:6]:
            assert found(followed, after, query, 30, where) == found(fresh, after, query, 30, where)


def test_the_table_counts_things(shop):
    products = [
        boot(0, 0, stock=0), boot(0, 1), boot(1, 0, stock=0), boot(1, 1, stock=0), boot(2, 0)
    ]  # fmt: skip
    group = np.array([0, 0, 2, 2, 4])
    table = ProductTable(tuple(products), group)
    candidates = table.candidates(Where(Filters()))
    assert candidates.hidden == {"out of stock": 1}  # T01 whole; one size of T00 is there
    assert table.facets(ANY)["categories"] == {"boots": 1, "shoes": 2}
    without = table.candidates(Where(ANY, without=frozenset({"T00-1"})))
    assert without.mask.tolist() == [False, False, True, True, True]
    assert table.variants(1).tolist() == [0, 1]
    assert table.variants(4).tolist() == [4]


def test_words_for_variants():
    sizes = [boot(0, size) for size in range(SIZES)]
    several = Variants.of(sizes[0], sizes)
    assert (several.words, several.group) == ("4 sizes, from €51.00", "G0")
    same = [boot(0, 0), boot(0, 0, attributes={"size": "41"})]
    assert Variants.of(same[0], same).words == "2 sizes"
    colours = [boot(0, 1, colour=c, attributes={}) for c in ("red", "blue")]
    assert Variants.of(colours[0], colours).words == "2 colours"
    both = [boot(0, 1, colour="red"), boot(0, 2, colour="blue"), boot(0, 3, colour="blue")]
    assert Variants.of(both[0], both).words == "3 variants, from €51.00"
    parent = Product("T00", item_group="G0")
    assert Variants.of(sizes[0], [parent, *sizes]).words == "4 sizes, from €51.00"


@pytest.fixture
def engine(home, extractor, rows):
    with Catalogue(home / "shop") as catalogue:
        yield SearchEngine(catalogue, extractor)


def put(engine, picture, *products) -> None:
    from search import photos

    with engine.catalogue.change("ann", "add") as change:
        for product in products:
            photo = photos.read(picture(product.id[:3]))
            change.put(product)
            change.add_photo(product.id, photo, source=f"{product.id}.png")
            feature = {photo.sha256: engine.extractor.embed([photo])[0]}
            change.save_features(engine.extractor.fingerprint, feature)


def test_the_answer_names_the_variants_and_leaves_the_querys_own_out(engine, picture):
    put(engine, picture, *(boot(n, size) for n in range(3) for size in range(SIZES)))
    put(engine, picture, boot(1, 9, stock=0))
    result = engine.search(Query(product="T00-1"), options=Options(k=9))
    assert sorted(hit.product.id for hit in result.hits) == ["T01-3", "T02-3"]
    (hit,) = [hit for hit in result.hits if hit.product.id == "T01-3"]
    assert hit.variants is not None
    assert hit.variants.words == "4 sizes, from €61.00"
    (row,) = [row for row in json.loads(result.to_json())["hits"] if row["id"] == "T01-3"]
    assert row["item_group"] == "G1"
    assert row["variants"] == "T01-0|T01-1|T01-2|T01-3"  # the one out of stock is none
    assert (row["price_from"], row["variants_in_words"]) == ("61.00", "4 sizes, from €61.00")
    price = Price(6250, "EUR")
    cheaper = engine.search(
        Query((picture("T01"),)), cheaper=Cheaper(price, floor=-1.0), options=Options(k=9)
    )
    assert [hit.product.id for hit in cheaper.hits] == ["T01-3", "T00-3"]
    assert cheaper.hits[0].variants is not None
    assert cheaper.hits[0].variants.ids == ("T01-2", "T01-3")


def test_a_website_gets_one_path_a_thing(engine, picture):
    put(engine, picture, *(boot(n, size) for n in range(3) for size in range(SIZES)))
    paths = search_paths(picture("T00"), 3, engine=engine)
    assert paths[0] == "T00-3.png"
    assert sorted(path[:3] for path in paths) == ["T00", "T01", "T02"]


def test_a_variant_without_a_photograph_is_searched_by_the_others(engine, picture):
    put(engine, picture, boot(0, 0), boot(1, 0))
    with engine.catalogue.change("ann", "add") as change:
        change.put(boot(0, 1))
    found = engine.search(Query(product="T00-1")).hits
    assert [hit.product.id for hit in found] == ["T01-0"]


def test_a_sale_starts_and_ends_without_an_import(engine, picture, monkeypatch):
    def at(moment: str) -> None:
        monkeypatch.setattr(sales, "now", lambda: moment)

    at("2026-01-01T00:00:00Z")
    dates = {"sale_from": "2026-01-10T00:00:00Z", "sale_until": "2026-02-01T00:00:00Z"}
    put(engine, picture, boot(0, 0, sale_price=2000, **dates), boot(1, 0))
    cheap = Filters(price_max=3000, currency="EUR")
    query = Query((picture("T00"),))

    def answer():
        return [
            (hit.product.id, hit.product.price, hit.product.was)
            for hit in engine.search(query, cheap).hits
        ]

    assert answer() == []
    at("2026-01-10T00:00:00Z")
    assert answer() == [("T00-0", 2000, 5400)]
    row = engine.search(query, cheap).rows()[0]
    assert (row["price"], row["regular_price"]) == ("20.00", "54.00")
    assert row["sale_until"] == "2026-02-01T00:00:00Z"
    saved = engine.search(query, cheaper=Cheaper(Price(5400, "EUR"), floor=-1.0))
    assert saved.hits[0].saving == 3400
    at("2026-02-01T00:00:00Z")
    assert answer() == []
    assert engine.catalogue.revision() == 1 == engine.loaded().revision
