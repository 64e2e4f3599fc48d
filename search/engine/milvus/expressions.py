"""Conditions on products as Milvus's boolean expressions.

Texts are quoted as both of its grammars read them, the server's (`Plan.g4`) and milvus-lite's, for
the latter has no templates: a backslash before quotes and backslashes, line ends and tabs by name,
all else as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

from search.engine.filters import FACETS, Types, Where
from search.engine.milvus.schema import NO_PRICE, as_number

NOTHING = "id == 0"
"""Lets nothing through: photographs count from 1."""

_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def quoted(text: str) -> str:
    """Write a text as a literal."""
    return f'"{text.translate(_ESCAPED)}"'


def one_of(field: str, values: Iterable[str] | Iterable[int]) -> str:
    """Let through what has one of these values in a field."""
    literals = [quoted(value) if isinstance(value, str) else str(value) for value in values]
    return f"{field} in [{', '.join(literals)}]" if literals else NOTHING


def none_of(field: str, values: Iterable[str]) -> str:
    """Let through what has none of these values in a field; "" where that is everything."""
    literals = [quoted(value) for value in values]
    return f"{field} not in [{', '.join(literals)}]" if literals else ""


def all_of(*conditions: str) -> str:
    """Let through what every condition does; "" is no condition."""
    return " and ".join(f"({each})" for each in conditions if each)


def any_of(*conditions: str) -> str:
    """Let through what any of the conditions does."""
    return " or ".join(f"({each})" for each in conditions if each) or NOTHING


def condition(
    where: Where,
    *,
    moment: str,
    currency: Callable[[str], str],
    variants: Callable[[frozenset[str]], Sequence[str]],
    words: Callable[[str], str],
) -> str:
    """Write the conditions on products as an expression; see `ProductTable.candidates`.

    Prices are those of the `moment`. `currency` gives the one that amounts are in, `variants` the
    groups that products are of, and `words` the expression for words.

    :raises QueryError: as `currency`.
    """
    filters = where.filters
    return all_of(
        *(
            one_of(column, sorted(names))
            for facet, column in FACETS.items()
            if (names := getattr(filters, facet))
        ),
        words(filters.words) if filters.words else "",
        _priced(where, moment, currency),
        "active == true" if filters.active else "",
        "in_stock == true" if filters.in_stock else "",
        none_of("variants", variants(where.without)) if where.without else "",
        "" if where.types is None else _of(where.types),
    )


def priced_between(bounds: Sequence[tuple[str, int]], moment: str) -> str:
    """Let through what has a price at a moment for which all bounds hold, such as ("<=", 4900)."""
    now = as_number(moment)
    regular, lower = (
        " and ".join(f"{field} {sign} {bound}" for sign, bound in bounds)
        for field in ("price", "sale_price")
    )
    return any_of(
        f"sale_from <= {now} and sale_until > {now} and {lower}",
        f"(sale_from > {now} or sale_until <= {now}) and price > {NO_PRICE} and {regular}",
    )


def _priced(where: Where, moment: str, currency: Callable[[str], str]) -> str:
    filters, below = where.filters, where.below
    bounds: list[tuple[str, int]] = []
    if filters.price_min is not None:
        bounds.append((">=", math.ceil(filters.price_min)))
    if filters.price_max is not None:
        bounds.append(("<=", math.floor(filters.price_max)))
    if below is not None:
        bounds.append(("<", math.ceil(below.amount)))
        if where.min_saving:  # 0.9 is 0.1 short of 1
            bounds.append(("<=", math.floor(round(below.amount * (1 - where.min_saving), 6))))
    if not bounds:
        return ""
    meant = below.currency if below else currency(filters.currency)
    return all_of(f"currency == {quoted(meant)}", priced_between(bounds, moment))


def _of(types: Types) -> str:
    named = all_of(one_of("kind", sorted(types.names)), none_of("product", sorted(types.but)))
    return any_of(named, one_of("product", sorted(types.also)) if types.also else "")
