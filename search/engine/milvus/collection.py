"""One collection of Milvus, read page by page and written in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from search.engine.milvus.client import Connection

Row = dict[str, Any]
"""A row, or some fields of one, by the fields' names."""

Consistency = Literal["Strong", "Session", "Bounded", "Eventually"]

PAGE: Final = 16_384
"""Rows that one answer may have, Milvus's limit (`quotaAndLimits.limits.topK`)."""

_LARGE = {"vector", "facts"}
_FEW_LARGE = 1_000  # rows with such fields asked for at once: an answer stays below Milvus's 64 MB
_WRITTEN = 500  # rows sent at once


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection by its name or alias; every method raises IndexUnavailable as Milvus fails.

    What is read is as `consistency` says (Milvus's levels): "Strong" sees all that was written,
    "Bounded" does so within a few seconds and waits for nothing. `patience` are the seconds until
    an answer is given up.
    """

    connection: Connection
    name: str
    consistency: Consistency = "Strong"
    patience: float | None = None

    @property
    def is_lite(self) -> bool:
        """Whether it lies in a folder of milvus-lite."""
        return self.connection.address.lite

    def every(self, expression: str, fields: Sequence[str]) -> Iterator[Row]:
        """Yield all rows that an expression lets through."""
        with self.connection.explained("read"):
            pages = self.connection.client.query_iterator(
                collection_name=self.name,
                batch_size=_page(fields),
                filter=expression,
                output_fields=list(fields),
                consistency_level=self.consistency,
                timeout=self.patience,
            )
            try:
                while page := pages.next():
                    yield from map(dict, page)
            finally:
                pages.close()

    def few(self, expression: str, fields: Sequence[str], most: int = PAGE) -> list[Row]:
        """Give at most so many rows that an expression lets through."""
        with self.connection.explained("read"):
            found = self.connection.client.query(
                collection_name=self.name,
                filter=expression,
                output_fields=list(fields),
                limit=most,
                consistency_level=self.consistency,
                timeout=self.patience,
            )
        return [dict(row) for row in found]

    def get(self, ids: Sequence[int], fields: Sequence[str]) -> list[Row]:
        """Give the rows of these ids that are there, in any order."""
        found: list[Row] = []
        step = _page(fields)
        for start in range(0, len(ids), step):
            part = ", ".join(map(str, ids[start : start + step]))
            found += self.few(f"id in [{part}]", fields, step)
        return found

    def count(self, expression: str) -> int:
        """Count the rows that an expression lets through."""
        with self.connection.explained("read"):
            found = self.connection.client.query(
                collection_name=self.name,
                filter=expression,
                output_fields=["count(*)"],
                consistency_level=self.consistency,
                timeout=self.patience,
            )
        return int(found[0]["count(*)"])

    def nearest(
        self,
        vector: NDArray[np.float32],
        expression: str,
        fields: Sequence[str] = (),
        most: int = PAGE,
        *,
        group_by: str | None = None,
        above: float | None = None,
        up_to: float | None = None,
    ) -> list[Row]:
        """Give the rows of the highest inner product with a vector, best first, with their `score`.

        Only of scores above and up to others, or only the best of each group; not both at once,
        which Milvus does not know.
        """
        params: dict[str, Any] = {}
        if above is not None:
            params["radius"] = above
        if up_to is not None:
            params["range_filter"] = up_to
        # HNSW's breadth of search; an exact index has no use for it.
        params["ef"] = min(max(2 * most, 64), PAGE * 2)
        grouped = {} if group_by is None else {"group_by_field": group_by}
        with self.connection.explained("searched"):
            (hits,) = self.connection.client.search(
                collection_name=self.name,
                data=[vector],
                filter=expression,
                limit=most if self.is_lite else min(most, _page(fields)),
                output_fields=list(fields) or ["id"],
                search_params={"metric_type": "IP", "params": params},
                consistency_level=self.consistency,
                timeout=self.patience,
                **grouped,
            )
        return [{**hit["entity"], "id": hit["id"], "score": hit["distance"]} for hit in hits]

    def write(self, rows: Sequence[Row]) -> None:
        """Insert rows, or put them in the place of those of the same ids."""
        for start in range(0, len(rows), _WRITTEN):
            with self.connection.explained("written"):
                self.connection.client.upsert(self.name, rows[start : start + _WRITTEN])

    def delete(self, ids: Sequence[int]) -> None:
        """Delete the rows of these ids."""
        for start in range(0, len(ids), PAGE):
            with self.connection.explained("written"):
                self.connection.client.delete(self.name, ids=list(ids[start : start + PAGE]))

    def flush(self) -> None:
        """Wait until all that was written survives a power cut."""
        with self.connection.explained("written"):
            self.connection.client.flush(self.name)


def _page(fields: Sequence[str]) -> int:
    return _FEW_LARGE if _LARGE & set(fields) else PAGE
