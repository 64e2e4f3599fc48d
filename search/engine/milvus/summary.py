"""What is published of a catalogue as a whole: how much it holds, and what answers need of all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from search.catalogue import Snapshot
from search.engine.filters import FACETS, Filters, ProductTable
from search.engine.milvus import state as states
from search.engine.milvus.generations import Generation
from search.engine.milvus.schema import EXACT_UP_TO
from search.engine.milvus.state import State
from search.filenames import same_letters
from search.network import registry


def write(
    target: Generation,
    name: str,
    snapshot: Snapshot,
    settings: Mapping[str, str],
    words: str,
    size: int,
) -> None:
    """Write the texts, then the state that names them, where they differ.

    `name` is the catalogue's, `settings` are what was learnt of it and set in it, `words` those of
    all products as `state.to_text` writes them; `size` is that of a feature.

    :raises IndexUnavailable: Milvus does not answer.
    """
    table = ProductTable(snapshot.products, snapshot.group)
    texts: dict[states.Text, str] = {
        "settings": states.to_text(dict(settings)),
        "words": words,
        "facets": states.to_text(_facets(table)),
    }
    before = target.state.texts if target.state is not None else {}
    network = registry.named_in(snapshot.fingerprint)
    state = State(
        name,
        snapshot.fingerprint,
        snapshot.revision,
        len(snapshot.products),
        sum(product.active for product in snapshot.products),
        len(snapshot.photos),
        len(snapshot.photo_ids),
        table.currencies,
        "" if network is None else network.name,
        exact=target.state.exact if target.state else len(snapshot.photo_ids) <= EXACT_UP_TO,
        texts={
            each: states.write_text(target.collection, before.get(each), each, text, size)
            for each, text in texts.items()
        },
    )
    if state != target.state:
        states.write(target.collection, state, size)


def _facets(table: ProductTable) -> dict[str, Any]:
    names = {
        facet: sorted({same_letters(getattr(p, column)) for p in table.products} - {""})
        for facet, column in FACETS.items()
    }
    counts = {facet: dict(found) for facet, found in table.facets(Filters()).items()}
    return {"names": names, "counts": counts}
