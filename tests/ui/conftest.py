"""A small shop to show on the pages: a real catalogue, drawn photographs, no network."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from search import home as homes
from search import photos
from search.catalogue import Catalogue, Product
from search.engine import SearchEngine
from search.ui import resources
from tests.conftest import ROOT, FakeExtractor, draw, encode

PRODUCTS = 20
"""P00 is dear and has a nearly equal, cheap twin P01; P02 is the cheapest; P03 is out of stock, P04
withdrawn, P05 has no price. The rest are strangers."""


def product(number: int) -> Product:
    prices = {0: 20000, 1: 8000, 2: 1000, 5: None}
    price = prices.get(number, 9000 + 500 * number)
    return Product(
        f"P{number:02d}",
        name=f"Thing {number}",
        category="Boots" if number % 4 == 3 else "Trainers",
        brand=("Arden", "Luma")[number % 2],
        colour=("black", "red", "blue")[number % 3],
        price=price,
        currency="" if price is None else "EUR",
        stock=0 if number == 3 else 5,
        status="withdrawn" if number == 4 else "active",
        attributes={"material": "felt"},
    )


def photograph(number: int) -> bytes:
    if number != 1:
        return encode(draw(number))
    twin = draw(0)
    twin.putpixel((5, 5), (0, 0, 0))
    return encode(twin)


def fill(catalogue: Catalogue, extractor: FakeExtractor, count: int = PRODUCTS) -> None:
    features = {}
    with catalogue.change("test", "import") as change:
        for number in range(count):
            photo = photos.read(photograph(number))
            change.put(product(number))
            change.add_photo(f"P{number:02d}", photo, source=f"things/{number:02d}.png")
            features[photo.sha256] = extractor.embed([photo])[0]
    catalogue.keep_features(extractor.fingerprint, features)
    extractor.encoded = 0


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch, extractor: FakeExtractor) -> Iterator[None]:
    """Caches emptied, the fake extractor behind every engine, nothing done in the background."""

    def open_engine(name: str | None = None, **_: object) -> SearchEngine:
        return SearchEngine(homes.open_catalogue(name), extractor)

    monkeypatch.setattr(SearchEngine, "open", open_engine)
    monkeypatch.setattr(homes, "DEMO", Path("nowhere"))
    monkeypatch.setattr(resources, "_warmed", lambda *_: threading.Thread())
    monkeypatch.setattr(resources, "_learnt", lambda *_: threading.Thread())
    st.cache_data.clear()
    st.cache_resource.clear()
    yield
    st.cache_data.clear()
    st.cache_resource.clear()


@pytest.fixture
def shop(home: Path, extractor: FakeExtractor) -> Catalogue:
    """A catalogue of twenty drawn products."""
    catalogue = Catalogue(home / "shop")
    fill(catalogue, extractor)
    return catalogue


@pytest.fixture
def twins(shop: Catalogue) -> Catalogue:
    """The shop whose dear product and cheap twin have one colour: facts would part them else."""
    with shop.change("test", "dye") as change:
        change.update("P01", colour=product(0).colour)
    return shop


@pytest.fixture
def open_app() -> Callable[..., AppTest]:
    """Open the app, at an address if one is given."""

    def opened(**params: str | list[str]) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened
