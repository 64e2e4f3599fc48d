"""Sales: a lower price from one moment to another, which nobody has to switch on or off.

What a product costs is a function of the moment. The catalogue keeps the regular price beside the
sale; a snapshot holds the products as they are sold at its moment, and says when that changes.
Moments are ISO 8601 UTC in seconds, as text, so that they sort as they follow each other.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from search.errors import CatalogueError

if TYPE_CHECKING:
    from search.catalogue.models import Product

_FORM = "%Y-%m-%dT%H:%M:%SZ"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}")


def now() -> str:
    """Return the present moment as the catalogue writes it."""
    return datetime.now(UTC).strftime(_FORM)


def sold_at(product: Product, moment: str) -> Product:
    """Return a product as it is sold at a moment: with a sale on, `price` is the sale's.

    The regular price is then in `was`.
    """
    regular = product.regular()
    if regular.sale_price is None or not regular.sale_from <= moment:
        return regular
    if regular.sale_until and regular.sale_until <= moment:
        return regular
    return dataclasses.replace(regular, price=regular.sale_price, was=regular.price)


def next_change(products: Iterable[Product], moment: str) -> str:
    """Return the first moment after this one at which a sale starts or ends; "" for never."""
    changes = (
        each
        for product in products
        if product.sale_price is not None
        for each in (product.sale_from, product.sale_until)
        if each > moment
    )
    return min(changes, default="")


def read_moment(text: str, *, end: bool = False) -> str:
    """Read a date, or a date and a time, as ISO 8601 writes them; "" stays "".

    What has no zone is in UTC. With `end`, a date alone is the end of its day.

    :raises CatalogueError: when it is neither.
    """
    bare = text.strip()
    if not bare:
        return ""
    try:
        read = datetime.fromisoformat(re.sub(r"\s+(?=[+\-Z])", "", bare))
        if end and _DAY.fullmatch(bare):
            read += timedelta(days=1)
        at = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        raise CatalogueError(
            f"“{bare[:40]}” is not a date: write it as 2026-01-31 or 2026-01-31T08:00+01:00."
        ) from None
    # A year is four digits also before the year 1000, for moments are compared as text.
    return f"{at.year:04}-{at:%m-%dT%H:%M:%S}Z"


def names_zone(text: str) -> bool:
    """Whether a moment as people write it says in which zone it is."""
    return bool(re.search(r"(?:Z|[+\-]\d{2}:?\d{2}|[+\-]\d{2})\s*$", text.strip().upper()[10:]))


def is_moment(text: str) -> bool:
    """Whether a text is a moment as the catalogue writes it."""
    try:
        return read_moment(text) == text
    except CatalogueError:
        return False
