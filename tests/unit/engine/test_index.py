"""One contract for every index: what the engine relies on, whatever answers behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, Where
from search.engine.index import BINS, Index, follow
from search.engine.milvus import MilvusIndex
from search.engine.query import METRICS, Price
from search.errors import FeatureError, QueryError
from tests.unit.engine import milvus_lite
from tests.unit.engine.features import SIZE, unit_rows

PRODUCTS, VIEWS = 40, 3
ALL = Where(Filters(in_stock=False, active=False))


def product(n: int) -> Product:
    return Product(
        f"P{n:02}",
        category=("tops", "bags")[n % 2],
        price=None if n % 7 == 6 else 1000 + 100 * n,
        currency="JPY" if n % 11 == 10 else "EUR",
        stock=0 if n % 5 == 4 else None,
        status="withdrawn" if n % 13 == 12 else "active",
    )


def photo(n: int) -> CataloguePhoto:
    """Photograph n + 1 of product n // VIEWS."""
    return CataloguePhoto(n + 1, f"P{n // VIEWS:02}", f"{n:064}", f"{n}.jpg", f"{n}.jpg", 9, 9)


def snapshot(products: int = PRODUCTS, revision: int = 1) -> Snapshot:
    count = products * VIEWS
    return Snapshot(
        revision,
        "net-0123456789ab",
        tuple(product(n) for n in range(products)),
        tuple(photo(n) for n in range(count)),
        np.arange(1, count + 1),
        unit_rows(PRODUCTS * VIEWS)[:count],
    )


@pytest.fixture(scope="module", params=["exact", *milvus_lite.SERVERS])
def build(request, tmp_path_factory) -> Iterator[Callable[[Snapshot], Index]]:
    if request.param == "exact":
        yield ExactIndex.of
        return
    with milvus_lite.collections(request.param, tmp_path_factory.mktemp("milvus")) as new:
        yield lambda snapshot: MilvusIndex.of(new(), snapshot)


@pytest.fixture(scope="module")
def index(build) -> Index:
    return build(snapshot())


@pytest.fixture
def query() -> np.ndarray:
    return unit_rows(1, seed=5)[0]


def best_photo(query: np.ndarray, n: int) -> tuple[float, int]:
    """The score of product n's best photograph, and the photograph's id."""
    rows = unit_rows(PRODUCTS * VIEWS)[n * VIEWS : (n + 1) * VIEWS]
    scores = rows.astype(float) @ query
    return float(scores.max()), n * VIEWS + int(scores.argmax()) + 1


def expected(query: np.ndarray, passes: Callable[[Product], bool]) -> list[tuple[float, int]]:
    """All products that pass, best first, by the definition."""
    chosen = [best_photo(query, n) for n in range(PRODUCTS) if passes(product(n))]
    return sorted(chosen, key=lambda pair: (-pair[0], pair[1]))


CONDITIONS = {
    "everything": (ALL, lambda p: True),
    "what can be bought": (Where(), lambda p: p.active and p.in_stock),
    "a category": (
        Where(Filters(categories=frozenset({"bags"}), in_stock=False, active=False)),
        lambda p: p.category == "bags",
    ),
    "a price range": (
        Where(Filters(price_min=1500, price_max=2500, currency="EUR", in_stock=False,
                      active=False)),
        lambda p: p.currency == "EUR" and p.price is not None and 1500 <= p.price <= 2500,
    ),
    "cheaper by a fifth": (
        Where(Filters(in_stock=False, active=False), Price(2000, "EUR"), 0.2),
        lambda p: p.currency == "EUR" and p.price is not None and p.price <= 1600,
    ),
    "another product": (
        Where(Filters(in_stock=False, active=False), without=frozenset({"P03"})),
        lambda p: p.id != "P03",
    ),
    "nothing": (Where(Filters(price_max=1, currency="EUR")), lambda p: False),
}  # fmt: skip


@pytest.mark.parametrize("k", [1, 5, PRODUCTS, 1000])
@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_k_best_products_of_those_that_pass(index, query, k, condition):
    where, passes = CONDITIONS[condition]
    found, wanted = index.search(query, k, where), expected(query, passes)
    assert found.ids.tolist() == [id for _, id in wanted][:k]
    np.testing.assert_allclose(found.scores, [s for s, _ in wanted][:k], atol=1e-6)
    np.testing.assert_allclose(found.distances, 1 - found.scores, atol=1e-6)
    assert (found.eligible, found.passed) == (len(wanted), len(wanted))
    assert found.best == pytest.approx(wanted[0][0] if wanted else -1, abs=1e-6)


@pytest.mark.parametrize("metric", METRICS)
def test_a_minimum_score_leaves_out_what_is_below_it(index, query, metric):
    wanted = expected(query, lambda p: True)
    least = (wanted[7][0] + wanted[8][0]) / 2
    found = index.search(query, 5, ALL, least, metric=metric)
    assert (found.eligible, found.passed, len(found.ids)) == (PRODUCTS, 8, 5)
    assert found.best == pytest.approx(wanted[0][0], abs=1e-6)
    every = index.search(query, 1000, ALL, least, metric=metric)
    assert sorted(every.ids.tolist()) == sorted(id for _, id in wanted[:8])
    assert every.ids[:5].tolist() == found.ids.tolist()


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_gives_each_product_once_and_nearest_first(index, query, metric):
    found = index.search(query, PRODUCTS, ALL, metric=metric)
    owners = [(int(id) - 1) // VIEWS for id in found.ids]
    assert sorted(owners) == list(range(PRODUCTS))
    assert (np.diff(found.distances) >= 0).all()


def test_equal_photographs_go_by_their_id(build, query):
    shot = snapshot()
    same = np.repeat(shot.features[:1], len(shot.features), axis=0)
    equal = build(Snapshot(1, shot.fingerprint, shot.products, shot.photos, shot.photo_ids, same))
    found = equal.search(query, 6, ALL)
    assert found.ids.tolist() == [n * VIEWS + 1 for n in range(6)]
    assert len(set(found.scores.tolist())) == 1


def test_a_histogram_counts_all_that_pass_the_filters_where_asked_for(index, query):
    assert index.search(query, 3, ALL).histogram is None
    found = index.search(query, 3, ALL, 0.9, histogram=True)
    scores = [score for score, _ in expected(query, lambda p: True)]
    np.testing.assert_array_equal(found.histogram, np.histogram(scores, BINS, (-1, 1))[0])
    assert found.histogram.sum() == found.eligible == PRODUCTS


@pytest.mark.parametrize("vector", [np.zeros(SIZE), np.full(SIZE, np.nan), np.ones(SIZE + 1)])
def test_what_is_no_feature_is_refused(index, vector):
    with pytest.raises(QueryError):
        index.search(vector.astype(np.float32), 3, ALL)


def assert_same(first: Index, second: Index) -> None:
    assert (len(first), first.revision) == (len(second), second.revision)
    for seed in range(5):
        query = unit_rows(1, seed=50 + seed)[0]
        for where, _ in CONDITIONS.values():
            a, b = (each.search(query, 7, where, histogram=True) for each in (first, second))
            assert a.ids.tolist() == b.ids.tolist()
            assert (a.eligible, a.passed) == (b.eligible, b.passed)
            np.testing.assert_array_equal(a.histogram, b.histogram)


def test_adding_is_as_building_with_more(build):
    part, whole = snapshot(PRODUCTS - 5), snapshot(revision=2)
    photos = whole.photos[len(part.photos) :]
    rows = whole.features[len(part.photos) :]
    grown = build(part).add(whole.products[-5:], photos, rows, revision=2)
    assert_same(grown, build(whole))


def test_removing_is_as_building_with_less(build):
    whole, part = snapshot(), snapshot(PRODUCTS - 5, revision=2)
    gone = [p.id for p in whole.products[-5:]]
    assert_same(build(whole).remove([], gone, revision=2), build(part))
    photos = [photo.id for photo in whole.photos[len(part.photos) :]]
    assert_same(build(whole).remove(photos, gone, revision=2), build(part))


def test_a_product_without_its_photographs_is_not_found(build, query):
    shrunk = build(snapshot()).remove([1, 2, 3], revision=2)
    found = shrunk.search(query, 1000, ALL)
    assert found.eligible == PRODUCTS - 1
    assert not {1, 2, 3} & set(found.ids.tolist())


def test_adding_nothing_but_products_brings_their_fields_up_to_date(build, query):
    dear = [Product("P00", price=999_900, currency="EUR")]
    changed = build(snapshot()).add(dear, [], np.empty((0, SIZE), np.float32), revision=2)
    below = Where(Filters(in_stock=False, active=False), Price(999_900, "EUR"))
    assert changed.search(query, 1000, below).eligible == sum(
        1 for n in range(1, PRODUCTS) if product(n).price and product(n).currency == "EUR"
    )


def test_an_empty_index_grows(build, query):
    empty = build(snapshot(0))
    assert (len(empty), empty.search(query, 3, ALL).eligible) == (0, 0)
    whole = snapshot(revision=2)
    grown = empty.add(whole.products, whole.photos, whole.features, revision=2)
    assert_same(grown, build(whole))


def test_following_a_change_is_as_building_anew(build):
    """Products came, went and changed, a photograph came and two went, all at once."""
    before = snapshot(PRODUCTS - 5)
    whole = snapshot()
    stays = np.array([photo.id not in (1, 50) for photo in whole.photos])
    products = tuple(
        Product(p.id, category="bags", price=50, currency="EUR") if p.id == "P07" else p
        for p in whole.products
        if p.id != "P02"
    )
    stays &= np.array([photo.product_id != "P02" for photo in whole.photos])
    photos = tuple(photo for photo, there in zip(whole.photos, stays, strict=True) if there)
    after = Snapshot(
        9, whole.fingerprint, products, photos, whole.photo_ids[stays], whole.features[stays]
    )
    assert_same(follow(build(before), before, after), build(after))


def test_what_cannot_be_added_is_refused(build):
    index, row = build(snapshot()), unit_rows(1, seed=9)
    with pytest.raises(FeatureError, match="P99"):
        index.add([], [CataloguePhoto(900, "P99", "", "", "", 9, 9)], row, revision=2)
    with pytest.raises(FeatureError, match="twice"):
        index.add([], [photo(0)], row, revision=2)
    with pytest.raises(FeatureError, match="length 1"):
        index.add([], [CataloguePhoto(900, "P00", "", "", "", 9, 9)], row * 2, revision=2)
