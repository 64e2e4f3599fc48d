"""Which of the photographs at hand a table's cell means: that one, or none."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import unquote, urlsplit

from search import filenames
from search.errors import PhotoError
from search.importing.listing import MissingError, inside, shown
from search.importing.sources import Photographs
from search.photos import plain_name

Parts = tuple[str, ...]


class Finder:
    """Finds the listed photograph that a table's cell means.

    Case and ways of writing accents are forgiven, and folders that only one of the two writes
    before: a cell means the photograph whose path ends as it does, or whose whole path it ends
    with. Folders that both write have to be the same; of a web address, the one folder that a zip
    may pack everything into is no folder.

    A cell with folders means a photograph that lies in none only where the table gives no reason
    to doubt: no other row means it by another path, and none finds its own folders.

    :param cells: the table's cells, with the row each stands in.
    """

    def __init__(self, photographs: Photographs, cells: Iterable[tuple[int, str]] = ()) -> None:
        self._exact = frozenset(photographs.names)
        self._refused = photographs.refused
        self._namesakes: Mapping[str, tuple[str, ...]] = photographs.namesakes
        self._ending: defaultdict[Parts, list[str]] = defaultdict(list)
        self._whole: defaultdict[Parts, list[str]] = defaultdict(list)
        self._rootless: defaultdict[Parts, list[str]] = defaultdict(list)
        root = len(_parts(photographs.root))
        for name in photographs.names:
            parts = _parts(name)
            self._whole[parts].append(name)
            self._rootless[parts[root:]].append(name)
            for at in range(len(parts)):
                self._ending[parts[at:]].append(name)
        self._learn(cells)

    def _learn(self, cells: Iterable[tuple[int, str]]) -> None:
        """Note which folders are dropped by cells that find theirs, and who means bare names."""
        self._uses_folders = False
        self._dropped: set[Parts] = set()
        self._claims: defaultdict[str, set[tuple[int, Parts]]] = defaultdict(set)
        for row, cell in cells:
            if cell in self._exact or cell in self._refused:
                self._uses_folders |= "/" in cell
                continue
            try:
                parts = _parts(_wanted(cell))
                name, is_bare = self._candidate(parts, cell)
            except PhotoError:
                continue
            if name and is_bare:
                self._claims[name].add((row, parts))
            elif name and len(parts) > 1:
                self._uses_folders = True
                self._dropped.add(parts[: len(parts) - len(_parts(name))])

    def find(self, cell: str) -> str:
        """Return the name in the list.

        :raises OutsideError: the path is absolute or has a ``..``.
        :raises MissingError: no photograph fits, or several do.
        :raises PhotoError: the entry is listed but may not be read.
        """
        if cell in self._exact:
            return cell
        wanted = cell if cell in self._refused else _wanted(cell)
        if wanted in self._refused:
            raise self._refused[wanted]
        if wanted in self._exact and not _is_address(cell):
            return wanted
        parts = _parts(wanted)
        name, is_bare = self._candidate(parts, cell)
        if not name:
            raise MissingError(
                f"“{plain_name(cell)}” is not among the photographs: add it or correct its name."
            )
        if is_bare:
            self._check_bare(name, parts, cell)
        return name

    def _candidate(self, parts: Parts, cell: str) -> tuple[str, bool]:
        """Return the photograph that fits, "" for none, and whether it lies in no written folder.

        :raises MissingError: several fit.
        """
        if namesakes := self._namesakes.get(posixpath.basename(cell.replace("\\", "/"))):
            raise MissingError(
                f"“{plain_name(cell)}” could be {len(namesakes)} photographs of that name, here "
                f"{shown(namesakes)}: name each differently."
            )
        whole = self._rootless if _is_address(cell) else self._whole
        found, at = self._whole.get(parts) or self._ending.get(parts, []), 0
        while not found and at + 1 < len(parts):
            at += 1
            found = whole.get(parts[at:], [])
        if len(found) > 1:
            raise MissingError(
                f"“{plain_name(cell)}” could be {len(found)} photographs, {shown(found)}: "
                "write its folder before it."
            )
        if found:
            return found[0], at > 0 and len(parts) - at == 1
        return "", False

    def _check_bare(self, name: str, parts: Parts, cell: str) -> None:
        if self._uses_folders and parts[:-1] not in self._dropped:
            raise MissingError(
                f"“{plain_name(cell)}” is not among the photographs; “{plain_name(name)}” lies in "
                "another folder: add the photograph or correct the path."
            )
        rows: defaultdict[Parts, set[int]] = defaultdict(set)
        for row, path in self._claims[name]:
            rows[path].add(row)
        if any(rows[parts] != rows[path] for path in rows if path != parts):
            raise MissingError(
                f"“{plain_name(name)}” could be {len(rows)} photographs that the table tells apart "
                f"by their folders, such as “{plain_name(cell)}”: put each into its folder."
            )


def _is_address(cell: str) -> bool:
    return cell.lower().startswith(("http://", "https://", "//"))


def _wanted(cell: str) -> str:
    """Return the path that a cell or a web address names."""
    if not _is_address(cell):
        return inside(cell)
    try:
        return unquote(urlsplit(cell).path).strip("/")
    except ValueError as error:
        raise MissingError(
            f"“{plain_name(cell)}” is not a whole web address: correct it."
        ) from error


def _parts(path: str) -> Parts:
    return tuple(filenames.same_letters(part).casefold() for part in path.split("/") if part)
