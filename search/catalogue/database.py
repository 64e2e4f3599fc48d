"""The file `catalogue.db`: a connection for each thread, and sentences for its errors."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from search.catalogue import backups, schema, sums
from search.catalogue.files import holds_data
from search.catalogue.read_only import Copy, can_lock, why_read_only
from search.errors import BusyError, CatalogueError, OutsideError
from search.files import size

PAGE_SIZE = 16_384  # seven features of 512 numbers to a page; the usual 4 KiB wastes half

# A reader waits for no writer, but for whoever opens the file first or closes it last: SQLite then
# holds it for some milliseconds, on a crowded machine for longer.
_OPENING = 60.0  # seconds

_PASSING = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PROTOCOL)
_LEFT_ALONE = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
)


_LOCK_FAILURES = (
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL),
)


_UNLOCKED = "the disk, a network drive perhaps, cannot lock files"


class NestedTransactionError(RuntimeError):
    """A thread in the middle of a read or a change began to write: a mistake of the program."""


class Database:
    """Connections to one SQLite file, one for each thread, closed with the thread.

    Writers take turns (`patience` seconds, then BusyError); readers never wait for them.
    """

    def __init__(self, path: Path, *, patience: float = 10.0) -> None:
        self.path = path
        self.patience = patience
        self._why = ""  # the file is only read; part of a sentence
        self._cannot_lock = self._needs_copy = False
        self._copy: Copy | None = None
        self._local = threading.local()
        self._open: weakref.WeakSet[_Handle] = weakref.WeakSet()
        if path.is_symlink():  # what is written goes where a foreign catalogue says
            raise OutsideError(
                f"{path} is a link to another file: move the catalogue itself into {path.parent}."
            )
        with explained(path):
            # Asked again: another process may have created all of it in between.
            if not path.exists() and holds_data(path.parent) and not path.exists():
                raise schema.damaged(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            self.connection()

    def connection(self) -> sqlite3.Connection:
        """Return this thread's connection, opening it where needed."""
        handle: _Handle | None = getattr(self._local, "handle", None)
        if handle and handle.stamp != self._stamp() and not handle.connection.in_transaction:
            handle.close()
            handle = None
        if handle is None:
            connection = self._connect()
            handle = _Handle(connection, self._stamp())
            self._local.handle = handle
            self._open.add(handle)
        return handle.connection

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one single state of the file throughout.

        Inside a change of this thread it sees what that change has written so far.
        """
        with explained(self.path):
            connection = self.connection()
            if connection.in_transaction:
                yield connection
                return
            _begin_reading(connection)
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    @contextlib.contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give the connection of the only writer; commit at the end, or undo everything.

        :raises BusyError: when another writer held the file for longer than `patience`.
        :raises NestedTransactionError: when this thread is reading or writing already.
        """
        with explained(self.path, patience=self.patience):
            connection = self.connection()
            if self._why:
                raise _read_only(self.path, self._why)
            if connection.in_transaction:
                raise NestedTransactionError(
                    "This thread is reading or changing the catalogue already: "
                    "write through that change, or once it is over."
                )
            with _waiting(connection, self.patience):
                connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            with explained(self.path):
                if connection.in_transaction:
                    connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Close every thread's connection; using the database again opens new ones."""
        for handle in list(self._open):
            handle.close()
        self._open.clear()
        self._local = threading.local()

    def _connect(self) -> sqlite3.Connection:
        deadline = time.monotonic() + _OPENING
        while True:
            connection = sqlite3.connect(
                self._address(),
                uri=True,
                timeout=_OPENING,
                isolation_level=None,
                check_same_thread=False,  # close() may be called by another thread
            )
            try:
                self._prepare(connection)
            except sqlite3.OperationalError as error:
                connection.close()
                if self._why and not self._needs_copy:
                    self._needs_copy = True
                    continue
                if not self._why and _code(error) in _LOCK_FAILURES and not can_lock(self.path):
                    self._cannot_lock = True
                    continue
                # Two processes that create the same file: SQLite does not wait for this one.
                if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            except BaseException:
                connection.close()
                raise
            else:
                return connection

    def _address(self) -> str:
        """Return what to open: the file, or where it can only be read, how it is seen whole."""
        where = f"file:{quote(str(self.path.absolute()))}"
        self._why = _UNLOCKED if self._cannot_lock else why_read_only(self.path)
        if not self._why:
            return where
        # Without a log beside it the file is complete; when that changes, it is opened anew. A log
        # is read with its index, where another process keeps one, else in a copy.
        if not size(Path(f"{self.path}-wal")):
            return f"{where}?immutable=1"
        if size(Path(f"{self.path}-shm")) and not (self._cannot_lock or self._needs_copy):
            return f"{where}?mode=ro"
        self._copy = Copy(self.path)
        return f"file:{quote(str(self._copy.path))}"

    def _stamp(self) -> tuple[int, ...]:
        """Tell one state of files that this process cannot lock from another."""
        if not self._why:
            return ()
        seen = self.path.stat()
        return seen.st_size, seen.st_mtime_ns, size(Path(f"{self.path}-wal"))

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.text_factory = sums.read_text
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        found = schema.version(connection, self.path)
        # Tables precede photographs, so a file that is still empty once these are there is no new
        # one that another process is creating.
        emptied = not found and holds_data(self.path.parent)
        if emptied and not schema.version(connection, self.path):
            raise schema.damaged(self.path)
        if found < schema.VERSION:
            if found:
                backups.before_large_change(self.path)
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            connection.execute("PRAGMA journal_mode = WAL")
            schema.migrate(connection, self.path)
        else:
            self._use_log(connection)

    def _use_log(self, connection: sqlite3.Connection) -> None:
        """Let readers and a writer work side by side, also where the file comes from elsewhere.

        A file that cannot be written is read as it is; one in use is switched by a later opening.
        """
        try:
            with _waiting(connection, 0):
                connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if _code(error) not in _LEFT_ALONE:
                raise


class _Handle:
    """Closes its connection when the thread that owns it ends."""

    def __init__(self, connection: sqlite3.Connection, stamp: tuple[int, ...]) -> None:
        self.connection = connection
        self.stamp = stamp

    def close(self) -> None:
        self.connection.close()

    def __del__(self) -> None:
        self.close()


def _begin_reading(connection: sqlite3.Connection) -> None:
    """Choose the state to read, however long others take to open or close the file."""
    deadline = time.monotonic() + _OPENING
    while True:
        connection.execute("BEGIN")
        try:
            connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
            return
        except sqlite3.OperationalError as error:
            connection.execute("ROLLBACK")
            if _code(error) not in _PASSING or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@contextlib.contextmanager
def _waiting(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Let a connection wait for others for so long, and no longer than for a reader's sake."""
    connection.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")
    try:
        yield
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(_OPENING * 1000)}")


@contextlib.contextmanager
def explained(path: Path, *, patience: float | None = None) -> Iterator[None]:
    """Turn errors of SQLite and of the disk into a sentence about the catalogue at `path`."""
    try:
        yield
    except sqlite3.Error as error:
        raise _sentence(path, _code(error), str(error), patience) from error
    except UnicodeDecodeError as error:  # a message of SQLite's, of a damaged table's name
        raise schema.damaged(path) from error
    except OSError as error:
        raise _disk_sentence(path, error) from error


def _code(error: sqlite3.Error) -> int:
    # The low byte is the kind of error, the rest says more about it.
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _sentence(path: Path, code: int, reason: str, patience: float | None) -> CatalogueError:
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        waited = "" if patience is None else f" for more than {patience:g} seconds"
        return BusyError(
            f"Somebody else has been changing the catalogue {path.parent.name}{waited}: "
            "nothing was changed, try again in a moment."
        )
    emptied = code == sqlite3.SQLITE_ERROR and reason.startswith("no such table")
    if emptied or code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return schema.damaged(path)
    if code == sqlite3.SQLITE_FULL:
        return _full(path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return _not_allowed(path)
    if code == sqlite3.SQLITE_IOERR:
        return CatalogueError(
            f"The disk failed while using the catalogue {path} ({reason}): check that it is "
            "connected and has space left; what was saved before is still there."
        )
    return CatalogueError(f"The catalogue {path} cannot be used ({reason}): run doctor.")


def _disk_sentence(path: Path, error: OSError) -> CatalogueError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _full(path)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return _not_allowed(path)
    return CatalogueError(
        f"The folder {path.parent} of the catalogue cannot be used ({error.strerror}): "
        "check that it exists and is connected."
    )


def _full(path: Path) -> CatalogueError:
    return CatalogueError(
        f"The disk with {path.parent} is full: free some space and try again; nothing was changed."
    )


def _not_allowed(path: Path) -> CatalogueError:
    """Say what is not allowed with the database: reading it, or writing to it."""
    if path.is_dir():
        return CatalogueError(
            f"{path} is a folder and no database: move it away, and put the last backup back with "
            "`python -m search restore-backup`."
        )
    is_closed = path.parent.is_dir() and not os.access(path.parent, os.X_OK)
    if is_closed or (os.access(path, os.F_OK) and not os.access(path, os.R_OK)):
        return CatalogueError(
            f"The catalogue {path} cannot be read: allow this user to read and write it."
        )
    return _read_only(path)


def _read_only(path: Path, why: str = "") -> CatalogueError:
    reason = f" ({why})" if why else ""
    return CatalogueError(
        f"The catalogue {path} cannot be written to{reason}: allow writing in the folder "
        f"{path.parent}, or keep the catalogue in another folder (SEARCH_HOME)."
    )
