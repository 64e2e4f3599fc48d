"""Edits of a table of products: values as people type them into the fields of a product."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from search.catalogue.catalogue import Catalogue
from search.catalogue.models import Product
from search.errors import CatalogueError
from search.money import minor_units

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
)
"""The fields a person may change, in the order a table shows them."""


def save(
    catalogue: Catalogue, edits: Mapping[str, Mapping[str, object]], actor: str
) -> tuple[str, ...]:
    """Save edited fields by product id, all in one revision or none; gives the ids.

    Only the fields named are written, so that somebody else's change of another field stays.

    :raises CatalogueError: when a value is not legal; the sentence names the product.
    """
    changed = {i: fields_of(catalogue.product(i), typed) for i, typed in edits.items() if typed}
    detail = f"{len(changed)} products" if len(changed) != 1 else next(iter(changed))
    with catalogue.change(actor, "edit", detail) as change:
        for product_id, fields in changed.items():
            change.update(product_id, **fields)
    return tuple(changed)


def set_status(catalogue: Catalogue, ids: Sequence[str], status: str, actor: str) -> None:
    """Withdraw products, or put them back, in one revision."""
    action = "withdraw" if status == "withdrawn" else "put back"
    with catalogue.change(actor, action, ", ".join(ids)[:200]) as change:
        for product_id in ids:
            change.update(product_id, status=status)


def delete(catalogue: Catalogue, ids: Sequence[str], actor: str) -> None:
    """Delete products with their photographs, in one revision; the files stay until purged."""
    with catalogue.change(actor, "delete", ", ".join(ids)[:200]) as change:
        for product_id in ids:
            change.delete(product_id)


def fields_of(product: Product, typed: Mapping[str, object]) -> dict[str, Any]:
    """Typed values as fields of a product; a price is an amount in the product's currency.

    :raises CatalogueError: for a field that cannot be edited, a price that is no amount, or one
        without a currency.
    """
    fields: dict[str, Any] = {}
    for name, value in typed.items():
        if name not in EDITABLE:
            raise CatalogueError(f"The field “{name}” of {product.id} cannot be edited here.")
        if name != "price":
            fields[name] = _READERS.get(name, _text)(value)
    currency = str(fields.get("currency", product.currency))
    if "price" in typed:
        fields["price"] = _price(product, typed["price"], currency)
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
        raise CatalogueError(f"“{value}” is no stock; write a whole number.") from None
    return int(number)


def _is_blank(value: object) -> bool:
    return value is None or value != value or str(value).strip() == ""  # NaN is not itself


_READERS: Mapping[str, Callable[[object], object]] = {"currency": _currency, "stock": _stock}
