"""What is found in a catalogue does not depend on how many sizes its products are listed in."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from search.catalogue import CataloguePhoto, Product, Snapshot
from search.engine.bands import calibrate
from search.insight.duplicates import duplicates
from search.insight.health import health
from search.insight.price_gaps import NEAREST, price_gaps

SHOES, TWINS = 60, 6


def features() -> np.ndarray:
    """Sixty shoes, not all alike, then near twins of the first six."""
    rng = np.random.default_rng(3)
    rows = 1 + 0.35 * rng.normal(size=(SHOES, 24))
    rows = np.concatenate([rows, rows[:TWINS] + 0.02 * rng.normal(size=(TWINS, 24))])
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def catalogue(sizes: Callable[[int], int], *, named: bool = True) -> Snapshot:
    """Every thing as often as `sizes` says, by its number; twins cost half."""
    rows, products, photos, of = features(), [], [], []
    for thing in range(SHOES + TWINS):
        price = 10_000 + 100 * thing if thing < SHOES else 4_000
        for n in range(sizes(thing)):
            id = f"{thing:03}-{38 + n}"
            group = f"G{thing}" if named else ""
            size = {"size": str(38 + n)} if named else {}
            products.append(
                Product(
                    id,
                    name=f"Shoe {thing}",
                    category="boots" if thing % 2 else "shoes",
                    price=price,
                    currency="EUR",
                    item_group=group,
                    attributes=size,
                )
            )
            photos.append(CataloguePhoto(len(photos) + 1, id, f"sha{thing}", "f", "s", 9, 9))
            of.append(thing)
    ids = np.array([photo.id for photo in photos])
    return Snapshot(1, "fake-0", tuple(products), tuple(photos), ids, rows[of])


def things(gaps) -> list[tuple[str, str]]:
    return sorted((gap.product.id[:3], gap.cheaper.id[:3]) for gap in gaps)


LISTINGS = {
    "two sizes": lambda thing: 2,
    "three sizes": lambda thing: 3,
    "four sizes": lambda thing: 4,
    "a tenth doubled": lambda thing: 1 + (thing % 10 == 0),
    "half doubled": lambda thing: 1 + thing % 2,
    "four sizes, the twin single": lambda thing: 4 if thing < SHOES else 1,
    "single, the twin doubled": lambda thing: 1 if thing < SHOES else 2,
}


@pytest.mark.parametrize("named", [True, False], ids=["by group", "by photograph"])
@pytest.mark.parametrize("sizes", LISTINGS.values(), ids=LISTINGS)
def test_sizes_change_nothing(sizes, named):
    single, several = catalogue(lambda thing: 1), catalogue(sizes, named=named)
    for nearest in (0, NEAREST):
        found = things(price_gaps(several, 0.9, nearest=nearest))
        assert found == things(price_gaps(single, 0.9, nearest=nearest))
    assert len(things(price_gaps(several, 0.9, nearest=NEAREST))) >= TWINS
    before, after = calibrate(single), calibrate(several)
    borders = ("near_identical", "same_style", "same_type", "method", "agreement")
    for border in borders:
        assert getattr(after, border) == pytest.approx(getattr(before, border))
    neighbours = ("never found", "other category")
    assert [
        (issue.kind, issue.product.id[:3]) for issue in health(several) if issue.kind in neighbours
    ] == [
        (issue.kind, issue.product.id[:3]) for issue in health(single) if issue.kind in neighbours
    ]


def test_sizes_are_not_listed_twice_but_one_photograph_at_two_prices_is():
    several = catalogue(lambda thing: 2)
    assert duplicates(several, 0.9999) == []
    cheaper = Product("Z", name="Shoe 7", category="boots", price=5_000, currency="EUR")
    photo = CataloguePhoto(1000, "Z", "sha7", "f", "s", 9, 9)
    one = catalogue(lambda thing: 1, named=False)
    row = one.features[7:8]
    both = Snapshot(
        1,
        "fake-0",
        (*one.products, cheaper),
        (*one.photos, photo),
        np.append(one.photo_ids, 1000),
        np.concatenate([one.features, row]),
    )
    assert [(pair.first.id, pair.second.id) for pair in duplicates(both, 0.9999)] == [
        ("007-38", "Z")
    ]
    assert ("007", "Z") in [
        (gap.product.id[:3], gap.cheaper.id) for gap in price_gaps(both, 0.9, nearest=NEAREST)
    ]
