"""The collections behind an index's name: the one in use, and a new one until it is whole.

A name is an alias of Milvus. What is made anew is filled beside what is in use and then takes over
the alias in one step. A collection is named after the index, counts upwards and ends with a mark of
the features it is for, so that whoever finds an unfinished one knows whether to go on with it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from search.engine.milvus import state as states
from search.engine.milvus.address import Address
from search.engine.milvus.client import Connection
from search.engine.milvus.collection import Collection
from search.engine.milvus.schema import EXACT_UP_TO, VERSION, create, size_of
from search.engine.milvus.state import State
from search.errors import IndexUnavailable

_ENDING = re.compile(r"__(\d+)_([0-9a-f]{8})")


@dataclass(frozen=True, slots=True)
class Generation:
    """A collection to publish to; its state is None until it was published whole."""

    collection: Collection
    state: State | None


def in_use(connection: Connection, address: Address) -> Generation | None:
    """Give what an address's name stands for; None where it stands for nothing.

    :raises IndexUnavailable: Milvus does not answer.
    """
    behind = connection.behind(address.name)
    if behind is None:
        return None
    connection.load(behind)
    collection = Collection(connection, behind)
    try:
        size_of(connection, behind)
    except IndexUnavailable:  # of another version
        return Generation(collection, None)
    return Generation(collection, states.read(collection))


def to_fill(
    connection: Connection,
    address: Address,
    fingerprint: str,
    size: int,
    photographs: int,
    *,
    rebuild: bool,
) -> Generation:
    """Give the collection to publish features of a network to: the one in use if it serves.

    Else, or to `rebuild`, it is a new one, or an unfinished one that was to become the same. What
    compares every photograph serves up to twice as many as it should.

    :raises IndexUnavailable: Milvus does not answer or refuses.
    """
    used = in_use(connection, address)
    if (
        used is not None
        and used.state is not None
        and not rebuild
        and used.state.fingerprint == fingerprint
        and size_of(connection, used.collection.name) == size
        and not (used.state.exact and photographs > 2 * EXACT_UP_TO)
    ):
        return used
    mark = _mark(fingerprint, size, exact=photographs <= EXACT_UP_TO)
    newest = 0
    for name in _generations(connection, address):
        number, its = _parts(name)
        is_used = used is not None and name == used.collection.name
        if its == mark and not is_used and number > _number_of(used):
            create(connection, name, size, photographs)
            return Generation(Collection(connection, name), None)
        newest = max(newest, number)
    name = f"{address.name}__{newest + 1}_{mark}"
    create(connection, name, size, photographs)
    return Generation(Collection(connection, name), None)


def switch(connection: Connection, address: Address, collection: str) -> bool:
    """Let a name stand for a collection from now on; False where it does already.

    :raises IndexUnavailable: Milvus does not answer or refuses.
    """
    behind = connection.behind(address.name)
    if behind == collection:
        return False
    with connection.explained("written"):
        change = connection.client.alter_alias if behind else connection.client.create_alias
        change(collection, address.name)
    return True


def drop_others(connection: Connection, address: Address, collection: str) -> list[str]:
    """Delete the collections of a name but one; give their names.

    :raises IndexUnavailable: Milvus does not answer or refuses.
    """
    unused = others(connection, address, collection)
    for name in unused:
        with connection.explained("written"):
            connection.client.drop_collection(name)
    return unused


def others(connection: Connection, address: Address, collection: str) -> list[str]:
    """Name the collections made for an address but one.

    :raises IndexUnavailable: Milvus does not answer.
    """
    return [name for name in _generations(connection, address) if name != collection]


def _generations(connection: Connection, address: Address) -> list[str]:
    """Name the collections made for an address, the newest first."""
    with connection.explained("read"):
        names = [str(name) for name in connection.client.list_collections()]
    mine = [
        name
        for name in names
        if name.startswith(address.name) and _ENDING.fullmatch(name, len(address.name))
    ]
    return sorted(mine, key=lambda name: -_parts(name)[0])


def _parts(name: str) -> tuple[int, str]:
    found = re.search(rf"{_ENDING.pattern}$", name)
    return (int(found[1]), found[2]) if found else (0, "")


def _number_of(generation: Generation | None) -> int:
    return 0 if generation is None else _parts(generation.collection.name)[0]


def _mark(fingerprint: str, size: int, *, exact: bool) -> str:
    kind = f"{VERSION} {fingerprint} {size} {exact}"
    return hashlib.sha256(kind.encode()).hexdigest()[:8]
