"""A small shop to show on the pages."""

from __future__ import annotations

from search import photos
from search.catalogue import Catalogue, Product
from tests.helpers import FakeExtractor, draw, encode

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
    catalogue.save_features(extractor.fingerprint, features)
    extractor.encoded = 0
