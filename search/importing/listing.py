"""What lies in a folder, a zip or among uploads: photographs, tables, and what is not used, why."""

from __future__ import annotations

import ntpath
import posixpath
from collections.abc import Callable
from dataclasses import dataclass

from search.errors import ImportRefused, PhotoError
from search.photos import EXTENSIONS, plain_name
from search.photos.formats import sniff
from search.plural import counted

HEAD = 1024  # bytes that tell a photograph from anything else
_NAMED = 5

# What systems and network drives keep beside photographs; so is whatever begins with a dot.
_FOLDERS = frozenset(
    (
        *("@eadir", "@__thumb", "@recycle", "@recently-snapshot", "@tmp", "#recycle", "#snapshot"),
        *("__macosx", "$recycle.bin", "recycler", "lost+found", "system volume information"),
    )
)
_FILES = frozenset(("thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "icon\r"))


class OutsideError(PhotoError):
    """A path leads outside the folder or archive."""


class MissingError(PhotoError):
    """A named photograph is not there."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is not used, with its noun; `is_loss` where it may be or hold photographs."""

    noun: str
    why: str
    is_loss: bool = True


LINKED = Reason("link", "links that lead elsewhere are not followed: copy what they mean")
CLOSED = Reason("folder", "it may not be opened: allow reading")
UNREADABLE = Reason("file", "it may not be read: allow reading")
UNKNOWN = Reason("file", "not a photograph in a known format")
ZIPPED = Reason("zip", "it lies among other files: give it alone")
TEXT = Reason("document", "not a photograph", is_loss=False)
KEPT_BY_SYSTEM = Reason("photograph", "a thumbnail, hidden, or in a bin", is_loss=False)


class Listing:
    """Sorts files by what they are: `names` of photographs, `tables`, and `unused` by reason."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.tables: list[str] = []
        self.unused: dict[Reason, list[str]] = {}

    def leave_out(self, name: str, reason: Reason) -> None:
        """Note a file or folder that is not used."""
        self.unused.setdefault(reason, []).append(name)

    def sort(self, name: str, head: Callable[[], bytes]) -> None:
        """Note a file: by its ending, and where that says nothing by its first bytes."""
        if is_kept_by_system(name):
            if is_named_photograph(name):
                self.leave_out(name, KEPT_BY_SYSTEM)
        elif is_named_photograph(name):
            self.names.append(name)
        elif is_named_table(name):
            self.tables.append(name)
        else:
            self._by_content(name, head)

    def _by_content(self, name: str, head: Callable[[], bytes]) -> None:
        try:
            start = head()
        except (PhotoError, ImportRefused, OSError):
            self.leave_out(name, UNREADABLE)
            return
        if is_photograph(start):
            self.names.append(name)
        elif start.startswith(b"PK\x03\x04") and name.lower().endswith(".zip"):
            self.leave_out(name, ZIPPED)
        else:
            self.leave_out(name, TEXT if _is_document(start) else UNKNOWN)


def sentences(unused: dict[Reason, list[str]]) -> tuple[str, ...]:
    """Say what is not used: how many, why, and which."""
    return tuple(
        f"{counted(len(names), reason.noun)} {'was' if len(names) == 1 else 'were'} not used"
        f" ({reason.why}): {shown(sorted(names))}."
        for reason, names in unused.items()
    )


def lost(unused: dict[Reason, list[str]]) -> int:
    """Count what is not used though it may be or hold photographs."""
    return sum(len(names) for reason, names in unused.items() if reason.is_loss)


def shown(names: list[str] | tuple[str, ...]) -> str:
    """List the first names, and how many there are more."""
    first = ", ".join(f"“{plain_name(name)}”" for name in names[:_NAMED])
    more = len(names) - _NAMED
    return f"{first} and {more:,} more" if more > 0 else first


def is_kept_by_system(name: str) -> bool:
    """Whether a file is a thumbnail, hidden, in a bin, or a system's note on its folder."""
    *folders, base = name.casefold().split("/")
    parts = [part for part in (*folders, base) if part not in (".", "..")]
    return base in _FILES or any(part[:1] == "." or part in _FOLDERS for part in parts)


def is_named_photograph(name: str) -> bool:
    """Whether a file's name ends as a photograph's does."""
    return posixpath.splitext(name.lower())[1] in EXTENSIONS


def is_named_table(name: str) -> bool:
    """Whether a file's name ends as a table's does."""
    return posixpath.splitext(name.lower())[1] in (".csv", ".tsv")


def is_photograph(head: bytes) -> bool:
    """Whether a file that starts so is a photograph."""
    try:
        sniff(head, "")
    except PhotoError:
        return False
    return True


def stem(name: str) -> str:
    """Return the last part of a name without the ending, where that is a photograph's."""
    base = posixpath.basename(name)
    return posixpath.splitext(base)[0] if is_named_photograph(base) else base


def inside(path: str) -> str:
    """Return a relative posix path that stays inside the folder.

    :raises OutsideError: it does not.
    """
    posix = path.replace("\\", "/")
    parts = posix.split("/")
    drive = ntpath.splitdrive(path)[0]
    if posix.startswith("/") or drive or ".." in parts or "\0" in path:
        raise outside(path)
    return "/".join(part for part in parts if part not in ("", "."))


def outside(name: str) -> OutsideError:
    """Return the refusal of a path that leads outside."""
    return OutsideError(
        f"“{plain_name(name)}” leads outside the folder of photographs: move the file into it."
    )


def gone(what: str) -> ImportRefused:
    """Return the refusal where a whole folder or archive is no longer there."""
    return ImportRefused(f"{what} has gone: connect it again and start anew; nothing was changed.")


def _is_document(head: bytes) -> bool:
    is_text = b"\0" not in head and not any(byte < 9 or 13 < byte < 32 for byte in head)
    return (is_text and b"<svg" not in head.lower()) or head.startswith((b"%PDF", b"\xff\xfe"))
