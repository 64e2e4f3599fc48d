"""All events as text, for whoever counts in another way."""

from __future__ import annotations

import json
from collections.abc import Iterator

from search.feedback.store import EventStore

_TABLES = {
    "search": (
        *("at", "id", "session", "asked", "mode", "product", "results", "unlike", "best"),
        *("network", "experiment"),
    ),
    "shown": ("search", "position", "product", "saving", "currency", "team"),
    "action": ("at", "session", "kind", "product", "search"),
    "judgement": ("at", "judge", "query", "product", "good"),
    "preference": ("at", "judge", "query", "a", "b", "shown_a", "shown_b", "better"),
    "day": ("day", "measure", "value"),
}


def lines(events: EventStore) -> Iterator[str]:
    """Yield every row as JSON, with the table it is of under `event`.

    :raises EventError: the events cannot be read.
    """
    for table, columns in _TABLES.items():
        for row in events.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2"):
            told = {"event": table, **dict(zip(columns, row, strict=True))}
            yield json.dumps(told, ensure_ascii=False)
