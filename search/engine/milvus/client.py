"""The connection to Milvus: opened once an address and process, its failures told in a sentence."""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from search.engine.milvus.address import Address
from search.errors import IndexUnavailable

PATIENCE: Final = 10.0
"""Seconds until a server that does not answer is given up."""

_INSTALL = 'install the client with `pip install "pymilvus[milvus-lite]>=3,<4"`'


class Connection:
    """One Milvus; safe under threads."""

    def __init__(self, address: Address) -> None:
        """Connect.

        :raises IndexUnavailable: the client is not installed, the server does not answer or
            refuses the token, or milvus-lite's folder is another process's just now.
        """
        try:
            import grpc  # what pymilvus speaks; it lets its failures through
            import pymilvus
        except ImportError as error:
            raise IndexUnavailable(f"An index in Milvus needs its client: {_INSTALL}.") from error
        self.address, self._failures = address, (pymilvus.MilvusException, grpc.RpcError)
        self._loaded: set[str] = set()
        # It logs what it raises, with all of the call; here it is said once, to whom it concerns.
        for name in ("pymilvus", "milvus_lite"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._open()

    def _open(self) -> None:
        from pymilvus import MilvusClient

        with self.explained("opened"):
            self.client = MilvusClient(
                uri=self.address.uri,
                token=self.address.token,
                timeout=PATIENCE,
                # Its default of 10 s counts as too many of them for milvus-lite's server.
                grpc_options={"grpc.keepalive_time_ms": 300_000},
            )

    @contextlib.contextmanager
    def explained(self, done: str) -> Iterator[None]:
        """Say what failed as a sentence.

        :raises IndexUnavailable: anything in Milvus or its client did.
        """
        try:
            yield
        except self._failures as error:
            told = error.details() if hasattr(error, "details") else error
            message = str(getattr(error, "message", told)).partition("\n")[0][:200]
            where = str(self.address)
            if self.address.lite and "open" in done:
                raise IndexUnavailable(
                    f"The index {where} cannot be opened: another process may have it open "
                    "(milvus-lite lets in one at a time), or its client is not complete: "
                    f"{_INSTALL}. It says: {message}"
                ) from error
            raise IndexUnavailable(
                f"The index {where} cannot be {done}: see that Milvus runs there and the token is "
                f"right, then try again. It says: {message}"
            ) from error

    def behind(self, alias: str) -> str | None:
        """Give the collection that an alias stands for; None where there is none.

        :raises IndexUnavailable: Milvus does not answer.
        """
        with self.explained("opened"):
            for collection in self.client.list_collections(timeout=PATIENCE):
                known = self.client.list_aliases(collection, timeout=PATIENCE)
                if alias in known["aliases"]:
                    return str(collection)
        return None

    def load(self, collection: str, patience: float | None = None, *, again: bool = False) -> None:
        """Let a collection be searched, if it was not; milvus-lite is told in each process.

        :raises IndexUnavailable: Milvus does not answer.
        """
        if collection in self._loaded and not again:
            return
        try:
            self.client.load_collection(collection, timeout=patience)
        except self._failures:
            if self.address.lite:
                self._drop_index_files(collection)
            with self.explained("opened"):
                self.client.load_collection(collection, timeout=patience)
        self._loaded.add(collection)

    def clear(self, collection: str) -> None:
        """Delete what a killed process left of a collection that milvus-lite does not know yet."""
        if self.address.lite:
            shutil.rmtree(self._folder(collection), ignore_errors=True)

    def _folder(self, collection: str) -> Path:
        return Path(self.address.uri, "collections", collection)

    def _drop_index_files(self, collection: str) -> None:
        """Delete the index files of milvus-lite, which it makes again of its data.

        It writes them in place, so that one which a kill cut short could never be opened again.
        """
        self.close()
        for file in self._folder(collection).glob("partitions/*/indexes/*"):
            file.unlink(missing_ok=True)
        self._loaded.clear()
        self._open()

    def close(self) -> None:
        """Close it; milvus-lite's folder is then free for another process."""
        with contextlib.suppress(*self._failures):
            self.client.close()
        if self.address.lite:
            with contextlib.suppress(ImportError):
                from milvus_lite.server_manager import server_manager_instance

                server_manager_instance.release_server(self.address.uri)


_opened: dict[tuple[str, str], Connection] = {}
_opening = threading.Lock()


def connect(address: Address) -> Connection:
    """Give the process's connection to an address's server.

    :raises IndexUnavailable: see `Connection`.
    """
    with _opening:
        key = address.uri, address.token
        if key not in _opened:
            _opened[key] = Connection(address)
        return _opened[key]


def disconnect(address: Address) -> None:
    """Close the process's connection to an address's server, if it has one."""
    with _opening:
        connection = _opened.pop((address.uri, address.token), None)
    if connection is not None:
        connection.close()
