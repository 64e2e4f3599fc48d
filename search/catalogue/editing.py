"""Edits of a table of products: values as people type them into the fields of a product."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from search.catalogue.catalogue import Catalogue
from search.catalogue.models import Product
from search.catalogue.sales import read_moment
from search.errors import CatalogueError
from search.money import minor_units
from search.roles import Actor

EDITABLE = (
    "name",
    "category",
    "brand",
    "colour",
    "price",
    "currency",
    "stock",
    "status",
    "url",
    "sale_price",
    "sale_from",
    "sale_until",
    "item_group",
)
"""The fields a person may change, in the order a table shows them."""


def save(
    catalogue: Catalogue, edits: Mapping[str, Mapping[str, object]], actor: Actor
) -> tuple[str, ...]:
    """Save edited fields by product id, all in one revision or none, and return the ids.

    Only the fields named are written, so that somebody else's change of another field stays.

    :raises CatalogueError: when there is no such product, or a value is not legal; the sentence
        names the product.
    """
    ids = tuple(product_id for product_id, typed in edits.items() if typed)
    detail = f"{len(ids)} products" if len(ids) != 1 else ids[0]
    with catalogue.change(actor, "edit", detail) as change:
        for product_id in ids:  # read inside the change: a price depends on the currency it finds
            fields = fields_of(catalogue.product(product_id), edits[product_id])
            change.update(product_id, **fields)
    return ids


def set_status(catalogue: Catalogue, ids: Sequence[str], status: str, actor: Actor) -> None:
    """Withdraw products, or put them back, in one revision.

    :raises CatalogueError: when there is no such product.
    """
    action = "withdraw" if status == "withdrawn" else "put back"
    with catalogue.change(actor, action, ", ".join(ids)[:200]) as change:
        for product_id in ids:
            change.update(product_id, status=status)


def delete(catalogue: Catalogue, ids: Sequence[str], actor: Actor) -> None:
    """Delete products with their photographs, in one revision; the files stay until purged.

    :raises CatalogueError: when there is no such product.
    """
    with catalogue.change(actor, "delete", ", ".join(ids)[:200]) as change:
        for product_id in ids:
            change.delete(product_id)


def fields_of(product: Product, typed: Mapping[str, object]) -> dict[str, Any]:
    """Read typed values as fields of a product; prices are amounts in the product's currency.

    :raises CatalogueError: when a field cannot be edited, a price is not an amount or has no
        currency, a date is not one, or a stock is not a whole number.
    """
    fields: dict[str, Any] = {}
    for name, value in typed.items():
        if name not in EDITABLE:
            raise CatalogueError(f"The field “{name}” of {product.id} cannot be edited here.")
        if name not in _PRICES:
            fields[name] = _READERS.get(name, _text)(value)
    currency = str(fields.get("currency", product.currency))
    for name in _PRICES & typed.keys():
        fields[name] = _price(product, typed[name], currency)
    if "sale_price" in fields and fields["sale_price"] is None:
        fields |= {"sale_from": "", "sale_until": ""}  # which mean nothing without it
    return fields


def _price(product: Product, amount: object, currency: str) -> int | None:
    if _is_blank(amount):
        return None
    if not currency:
        raise CatalogueError(f"Give {product.id} a currency, such as EUR, with its price.")
    try:
        return minor_units(str(amount), currency)
    except CatalogueError as error:
        raise CatalogueError(f"{product.id}: {error}") from error


def _text(value: object) -> str:
    return "" if _is_blank(value) else str(value).strip()


def _currency(value: object) -> str:
    return _text(value).upper()


def _stock(value: object) -> int | None:
    if _is_blank(value):
        return None
    try:
        number = float(str(value))
        if number != int(number):
            raise ValueError
    except (ValueError, OverflowError):
        shown = str(value) if len(str(value)) <= 40 else f"{str(value)[:39]}…"
        raise CatalogueError(
            f"The stock of a product is a whole number, not “{shown}”: type it again."
        ) from None
    return int(number)


def _is_blank(value: object) -> bool:
    return value is None or value != value or str(value).strip() == ""  # NaN is not itself


def _start(value: object) -> str:
    return read_moment(_text(value))


def _end(value: object) -> str:
    return read_moment(_text(value), end=True)


_PRICES = frozenset(("price", "sale_price"))
_READERS: Mapping[str, Callable[[object], object]] = {
    "currency": _currency,
    "stock": _stock,
    "sale_from": _start,
    "sale_until": _end,
}
