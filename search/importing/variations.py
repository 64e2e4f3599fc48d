"""WooCommerce's variations: rows that leave to their parent what all of them have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.importing.tables import FeedRow

_INHERITED = ("name", "category", "categories", "brand", "url", "status")


def with_parents(rows: Sequence[FeedRow]) -> tuple[FeedRow, ...]:
    """Give every variation and its parent one group, and a variation what only its parent says.

    A parent is named by its id, as "id:40", or by its SKU. As in the shop, a variation without a
    picture is shown by its parent's.
    """
    by_id = {row.cells["id"]: row for row in rows if row.cells.get("id")}
    by_sku = {row.cells["sku"]: row for row in rows if row.cells.get("sku")}
    made: list[FeedRow] = []
    parents: set[str] = set()
    for row in rows:
        named = row.cells.get("item_group", "")
        number = named.removeprefix("id:").strip()
        parent = by_sku.get(named) if number == named else by_id.get(number)
        group = parent.cells.get("id", named) if parent else number
        if named and group:
            parents.add(group)
            row = _variation(row, group, parent)
        made.append(row)
    return tuple(
        replace(row, cells={**row.cells, "item_group": row.cells["id"]})
        if row.cells.get("id") in parents
        else row
        for row in made
    )


def _variation(row: FeedRow, group: str, parent: FeedRow | None) -> FeedRow:
    cells = {**row.cells, "item_group": group}
    if parent is None:
        return replace(row, cells=cells)
    for title in _INHERITED:
        if not cells.get(title) and parent.cells.get(title):
            cells[title] = parent.cells[title]
    return replace(row, cells=cells, files=row.files or parent.files)
