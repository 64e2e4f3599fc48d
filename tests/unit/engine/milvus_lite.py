"""Collections of Milvus for tests: in a folder of milvus-lite, or on the server at MILVUS_URI."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from search.engine.milvus.address import Address
from search.engine.milvus.client import connect, disconnect
from search.engine.milvus.collection import Collection

URI = "MILVUS_URI"
"""Environment variable with a server for the tests, such as milvus://localhost:19530/tests."""

SERVERS = ("lite", "server") if os.environ.get(URI) else ("lite",)


def address(server: str, folder: Path) -> Address:
    """The address of a new index on a kind of server."""
    if server == "lite":
        return Address.parse(f"{folder / 'milvus.db'}")
    given = Address.parse(os.environ[URI])
    return Address(given.uri, f"{given.name}_{secrets.token_hex(4)}", given.token)


@contextlib.contextmanager
def collections(server: str, folder: Path) -> Iterator[Callable[[], Collection]]:
    """Give a maker of new collections, which are gone at the end."""
    at = address(server, folder)
    connection, names = connect(at), []

    def make() -> Collection:
        names.append(f"{at.name}_{next(_numbers)}")
        return Collection(connection, names[-1])

    try:
        yield make
    finally:
        for name in names:
            connection.client.drop_collection(name)
        disconnect(at)


_numbers = itertools.count()
