"""What a published collection says of itself, in rows of negative ids beside the products'.

One row holds the state; it is written last, so what it tells is there. Long texts (what was learnt,
the words, the facets) lie in rows of their own in pieces. Each text has two places: a new one is
written to the place that the state does not name, and then the state names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Literal, get_args

from search.engine.milvus.collection import Collection, Row
from search.engine.milvus.schema import ALWAYS, NO_PRICE, VERSION, nowhere
from search.errors import IndexUnavailable

Text = Literal["settings", "words", "facets"]
TEXTS: Final[tuple[Text, ...]] = get_args(Text)

STATE: Final = -1
"""The id of the row that holds the state; the texts' are below it, products' below -2**32."""

_PIECE = 20_000  # letters in one row: of three bytes each they are still few enough
_PLACES = 2**24  # pieces a text may have


@dataclass(frozen=True, slots=True)
class Piecewise:
    """Where a long text lies: in so many pieces, of this content (SHA-256), in place 0 or 1."""

    pieces: int = 0
    sha256: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class State:
    """Of which catalogue, network and revision a collection is, and how much it holds.

    `sold` counts the products that are not withdrawn, `encoded` the photographs that can be found.
    `currencies` are those of the products that have a price, sorted. `network` names the network.
    Where it is `exact`, Milvus compares every photograph.
    """

    name: str
    fingerprint: str
    revision: int
    products: int = 0
    sold: int = 0
    photographs: int = 0
    encoded: int = 0
    currencies: tuple[str, ...] = ()
    network: str = ""
    exact: bool = True
    texts: Mapping[str, Piecewise] = field(default_factory=dict)
    version: int = VERSION


def read(collection: Collection) -> State | None:
    """Read a collection's state; None where it is not complete yet, or of another version.

    :raises IndexUnavailable: Milvus does not answer.
    """
    rows = collection.few(f"id == {STATE}", ["facts"], 1)
    if not rows or rows[0]["facts"].get("version") != VERSION:
        return None
    facts = dict(rows[0]["facts"])
    facts["currencies"] = tuple(facts["currencies"])
    facts["texts"] = {name: Piecewise(**place) for name, place in facts["texts"].items()}
    return State(**facts)


def read_text(collection: Collection, state: State, name: Text) -> str:
    """Read one of the long texts; "" where it was never written.

    :raises IndexUnavailable: Milvus does not answer, or it was exchanged twice meanwhile.
    """
    place = state.texts.get(name, Piecewise())
    ids = [_place(name, place.place, piece) for piece in range(place.pieces)]
    rows = {row["id"]: row["facts"]["text"] for row in collection.get(ids, ["id", "facts"])}
    text = "".join(rows.get(id, "") for id in ids)
    if place.pieces and _sha256(text) != place.sha256:
        raise IndexUnavailable("The index was published anew while it was read: try again.")
    return text


def write_text(
    collection: Collection, before: Piecewise | None, name: Text, text: str, size: int
) -> Piecewise:
    """Write a long text, unless it is there; give where it lies, for the state to name.

    `size` is that of a feature.

    :raises IndexUnavailable: Milvus does not answer.
    """
    sha256 = _sha256(text)
    if before is not None and before.sha256 == sha256:
        return before
    place = 0 if before is None else 1 - before.place
    pieces = [text[start : start + _PIECE] for start in range(0, len(text), _PIECE)] or [""]
    rows = [_row(_place(name, place, n), {"text": piece}, size) for n, piece in enumerate(pieces)]
    collection.write(rows)
    return Piecewise(len(rows), sha256, place)


def write(collection: Collection, state: State, size: int) -> None:
    """Write the state, after all that it tells of; `size` is that of a feature.

    :raises IndexUnavailable: Milvus does not answer.
    """
    collection.write([_row(STATE, asdict(state), size)])


def to_text(value: Any) -> str:
    """Write a value as one of the long texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _place(name: Text, place: int, piece: int) -> int:
    return STATE - 1 - ((2 * TEXTS.index(name) + place) * _PLACES + piece)


def _row(id: int, facts: Mapping[str, Any], size: int) -> Row:
    texts = ("product", "variants", "category", "brand", "colour", "kind", "currency", "sha256")
    return {
        "id": id,
        "vector": nowhere(size),
        **dict.fromkeys((*texts, "digest"), ""),
        **{"price": NO_PRICE, "sale_price": NO_PRICE},
        **{"sale_from": ALWAYS, "sale_until": ALWAYS},
        **dict.fromkeys(("in_stock", "active", "encoded", "first", "many"), False),
        "words": [],
        "facts": dict(facts),
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
