"""Milvus answers as the exact index does, whatever products are called and however it is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine.exact import ExactIndex
from search.engine.filters import Filters, Types, Where
from search.engine.index import Beside
from search.engine.milvus import Address, MilvusIndex, is_address
from search.engine.milvus.collection import Collection
from search.engine.milvus.expressions import one_of, quoted
from search.engine.milvus.schema import place_of
from search.engine.query import Price
from search.errors import IndexUnavailable, QueryError
from search.filenames import same_letters
from search.photos.palette import COLOURS
from tests.unit.engine import milvus_lite
from tests.unit.engine.features import SIZE, unit_rows

NOW = "2026-03-01T12:00:00Z"
# A failing example is not made smaller: each step of that takes a collection of its own.
FIXED = {"derandomize": True, "database": None, "deadline": None, "phases": [Phase.generate]}
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]

NASTY = [
    '"',
    "'",
    "\\",
    "%",
    "_",
    "{a}",
    "\n",
    "\t",
    "\r",
    "é",
    "e\u0301",
    "漢",
    "🧥",
    " or 1 == 1",
]
NAMES = st.lists(st.sampled_from([*NASTY, "red", "Bag", " "]), min_size=1, max_size=3).map("".join)
WORDS = st.sampled_from(["boots", "Sneakers", "étude", "T-shirt", "red", "wool ½", "x"])
MOMENTS = ["", "2026-01-01T00:00:00Z", "2026-03-01T12:00:00Z", "2026-06-01T00:00:00Z"]


@st.composite
def catalogues(draw) -> Snapshot:
    """A few products with hard names, prices, sales and groups, and up to two photographs each."""
    count = draw(st.integers(1, 9))
    categories, brands = (draw(st.lists(NAMES, min_size=1, max_size=3)) for _ in range(2))
    products = []
    for n in range(count):
        price = draw(st.none() | st.integers(1, 6).map(lambda euros: 100 * euros))
        sale = price is not None and draw(st.booleans())
        starts, ends = sorted(draw(st.tuples(*[st.sampled_from(MOMENTS)] * 2)))
        products.append(
            Product(
                f"P{n}" + draw(st.sampled_from(["", '"', "\\"])),
                name=" ".join(draw(st.lists(WORDS, max_size=2))),
                category=draw(st.sampled_from(categories)),
                brand=draw(st.sampled_from(brands)),
                price=price,
                currency="" if price is None else draw(st.sampled_from(["EUR", "EUR", "JPY"])),
                stock=draw(st.sampled_from([None, 0, 3])),
                status=draw(st.sampled_from(["active", "active", "withdrawn"])),
                attributes={"kind": draw(st.sampled_from(["boot", "bag", '"']))},
                sale_price=price // 2 if sale and price else None,
                sale_from=starts if sale else "",
                sale_until=ends if sale and ends > starts else "",
                item_group=draw(st.sampled_from(["", "", "g1", "g2"])),
            )
        )
    owners = [n for n in range(count) for _ in range(draw(st.integers(0, 2)))]
    drawn = unit_rows(max(count // 2, 1), seed=count)  # some photographs are equal
    looks = [draw(st.integers(0, len(drawn) - 1)) for _ in owners]
    photos = tuple(
        CataloguePhoto(n + 1, products[owner].id, f"{looks[n]:064}", f"{n}.jpg", f"{n}.jpg", 9, 9)
        for n, owner in enumerate(owners)
    )
    products.sort(key=lambda product: product.id)
    return Snapshot(
        1,
        "net-0123456789ab",
        tuple(products),
        photos,
        np.arange(1, len(photos) + 1),
        drawn[looks] if looks else np.empty((0, SIZE), np.float32),
    ).at(NOW)


@st.composite
def questions(draw, snapshot: Snapshot) -> Where:
    """Conditions of all kinds on a catalogue's products."""
    products = snapshot.products
    some = st.sets(st.sampled_from(products).map(lambda p: p.id), max_size=2).map(frozenset)
    names = {
        facet: frozenset(
            same_letters(getattr(product, column))
            for product in draw(st.lists(st.sampled_from(products), max_size=2))
        )
        for facet, column in (("categories", "category"), ("brands", "brand"))
    }
    bounds = st.none() | st.integers(0, 700)
    known = sorted({product.currency for product in products if product.price is not None})
    currency = draw(st.sampled_from(known)) if known else ""
    filters = Filters(
        **names,
        price_min=draw(bounds) if known else None,
        price_max=draw(bounds) if known else None,
        currency=currency,
        in_stock=draw(st.booleans()),
        active=draw(st.booleans()),
        words=draw(
            st.sampled_from(["", "", "", "boot", "sneak", "snekers", "red etude", "½", "?"])
        ),
    )
    kinds = st.sets(st.sampled_from(["boot", "bag", '"'])).map(frozenset)
    types = st.none() | st.builds(Types, kinds, some, some)
    price = st.none() | st.builds(Price, st.integers(0, 700), st.just(currency or "EUR"))
    saving = st.sampled_from([0.0, 0.1, 0.5])
    return Where(filters, draw(price), draw(saving), draw(some), draw(types))


@pytest.fixture(scope="module", params=milvus_lite.SERVERS)
def new(request, tmp_path_factory):
    with milvus_lite.collections(request.param, tmp_path_factory.mktemp("milvus")) as made:
        yield made


def assert_agree(found, wanted) -> None:
    assert found.ids.tolist() == wanted.ids.tolist()
    np.testing.assert_allclose(found.scores, wanted.scores, atol=1e-5)
    np.testing.assert_allclose(found.distances, wanted.distances, atol=1e-5)
    assert (found.eligible, found.passed) == (wanted.eligible, wanted.passed)
    assert found.best == pytest.approx(wanted.best, abs=1e-5)


@given(st.data())
@settings(max_examples=15, suppress_health_check=SLOW, **FIXED)
def test_milvus_answers_as_the_exact_index_does(new, data):
    snapshot = data.draw(catalogues())
    colours = unit_rows(len(snapshot.photo_ids), COLOURS, seed=3)
    exact = ExactIndex.of(snapshot)
    index = MilvusIndex.of(new(), snapshot, colours, moment=NOW)
    for _ in range(6):
        where, k = data.draw(questions(snapshot)), data.draw(st.integers(1, 6))
        query = unit_rows(1, seed=data.draw(st.integers(0, 5)))[0]
        least = data.draw(st.none() | st.floats(0.1, 0.99))
        floor = data.draw(st.none() | st.floats(0.1, 0.99))
        tint = unit_rows(1, COLOURS, seed=7)[0]
        beside = data.draw(st.none() | st.just(Beside(colours @ tint, 0.25, tint)))
        options = {"floor": floor, "beside": beside}
        wanted = exact.search(query, k, where, least, **options)
        more = data.draw(st.sampled_from([0, 16]))  # rows at first; with few it has to ask again
        with patch("search.engine.milvus.index._MORE", more):
            assert_agree(index.search(query, k, where, least, **options), wanted)


@given(st.data())
@settings(max_examples=40, suppress_health_check=SLOW, **FIXED)
def test_any_name_is_found_by_itself_alone(named, data):
    name = data.draw(st.sampled_from(HARD) | NAMES | st.text(max_size=30))
    if "\0" in name or (not name.isprintable() and any("\ud800" <= c <= "\udfff" for c in name)):
        name = ""
    found = named.few(one_of("category", [name]), ["category"])
    assert {row["category"] for row in found} == ({name} & set(HARD))


HARD = [
    *NASTY,
    'a"b',
    "a'b",
    "a\\",
    '\\"',
    '"] or id > 0 or category in ["',
    "100 %",
    "\u2028",
    "\x0b",
]


@pytest.fixture(scope="module")
def named(new):
    products = tuple(Product(f"P{n:02}", category=name) for n, name in enumerate(HARD))
    products = tuple(p for p in products if same_letters(p.category) == p.category)
    empty = np.empty((0, SIZE), np.float32)
    shot = Snapshot(1, "net-0", products, (), np.empty(0, np.int64), empty)
    HARD[:] = [product.category for product in products]
    return MilvusIndex.of(new(), shot).collection


def test_quoting_leaves_no_way_out():
    assert quoted('a"\\\n') == '"a\\"\\\\\\n"'
    assert one_of("brand", []) == "id == 0"


COUNT, EQUAL = 30, [0] * 13 + [1] * 11 + [2] * 6
EVERYTHING = Where(Filters(in_stock=False, active=False))


def many_equal() -> Snapshot:
    products = tuple(Product(f"P{n:02}") for n in range(COUNT))
    photos = tuple(
        CataloguePhoto(n + 1, f"P{n:02}", f"{n:064}", "", "", 9, 9) for n in range(COUNT)
    )
    ids = np.arange(1, COUNT + 1)
    return Snapshot(1, "net-0", products, photos, ids, unit_rows(3)[EQUAL])


@dataclass(frozen=True)
class Server(Collection):
    """A collection as Milvus's documentation has it: pages of four rows, bounds on both sides."""

    is_lite = False

    def nearest(self, vector, expression, fields=(), most=4, *, above=None, up_to=None, **grouped):
        every = super().nearest(vector, expression, fields, 1000, above=above, **grouped)
        wobble = 3e-8 * (len(expression) % 3 - 1)  # as the last digit does
        found = [{**row, "score": row["score"] + wobble} for row in every]
        return [row for row in found if up_to is None or row["score"] <= up_to][: min(most, 4)]


@pytest.mark.parametrize("kind", [Collection, Server])
def test_more_equal_photographs_than_one_page_are_all_found(new, monkeypatch, kind):
    """Pages end between equal scores, and a page may hold nothing else."""
    monkeypatch.setattr("search.engine.milvus.index._FEW", 4)
    monkeypatch.setattr("search.engine.milvus.index.PAGE", 4)
    monkeypatch.setattr("search.engine.milvus.index._MORE", 1)
    shot, made = many_equal(), new()
    MilvusIndex.of(made, shot)
    index = MilvusIndex(kind(made.connection, made.name), revision=1)
    exact, query = ExactIndex.of(shot), unit_rows(3)[0]
    for k, least in ((3, None), (12, None), (20, 0.1), (3, 0.1), (40, 0.1)):
        wanted = exact.search(query, k, EVERYTHING, least)
        assert_agree(index.search(query, k, EVERYTHING, least), wanted)


def test_products_without_photographs_have_places_of_their_own():
    places = {place_of(f"P{n}") for n in range(1000)}
    assert len(places) == 1000
    assert all(-(2**63) <= place < -(2**32) for place in places)


def test_a_similarity_without_colours_is_refused(new):
    shot = Snapshot(
        1,
        "net-0",
        (Product("P"),),
        (CataloguePhoto(1, "P", "", "", "", 9, 9),),
        np.array([1]),
        unit_rows(1),
    )
    index = MilvusIndex.of(new(), shot)
    with pytest.raises(QueryError, match="colours"):
        index.search(unit_rows(1)[0], 1, Where(), beside=Beside(np.ones(1, np.float32), 0.1))
    with pytest.raises(QueryError, match="no prices"):
        index.search(unit_rows(1)[0], 1, Where(Filters(price_max=3, currency="EUR")))


@pytest.mark.parametrize(
    ("text", "uri", "name", "token"),
    [
        ("milvus://db:19530/shop", "http://db:19530", "shop", ""),
        ("milvus://db/shop_1", "http://db:19530", "shop_1", ""),
        ("milvus://ann:pa%3Ass@db/shop", "http://db:19530", "shop", "ann:pa:ss"),
        ("milvus+tls://[::1]:443/shop", "https://[::1]:443", "shop", ""),
    ],
)
def test_addresses_of_servers(text, uri, name, token):
    address = Address.parse(text)
    assert (address.uri, address.name, address.token, address.lite) == (uri, name, token, False)
    assert "pa" not in repr(address) + str(address)
    assert Address.parse(str(address)) == replace(address, token="")


def test_the_token_comes_from_the_environment_first(monkeypatch):
    monkeypatch.setenv("MILVUS_TOKEN", "ann:secret")
    assert Address.parse("milvus://eve:other@db/shop").token == "ann:secret"


@pytest.mark.parametrize(
    "text", ["milvus-lite:a", "milvus-lite:a.db", "a.db", "milvus-lite:a#shop"]
)
def test_addresses_of_folders(text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    address = Address.parse(text)
    assert (address.uri, address.name, address.lite) == (str(tmp_path / "a.db"), "shop", True)
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize(
    "text",
    ["", "shop", "http://db/shop", "milvus://", "milvus://db", "milvus://db/a-b", "milvus://db/a/b",
     "milvus://db:port/shop", "milvus://[::1/shop", "milvus-lite:", ".txt", "a.db#no way"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    assert not is_address(text)
    with pytest.raises(IndexUnavailable, match="milvus://host"):
        Address.parse(text)
