"""A catalogue file that can only be read: why, and how it is seen whole all the same."""

from __future__ import annotations

import os
import shutil
import tempfile
import weakref
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Copy:
    """A copy of a database with its log, which goes when nobody uses it any more."""

    def __init__(self, database: Path) -> None:
        folder = tempfile.mkdtemp(prefix="catalogue-")
        self._gone = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.path = Path(folder, database.name)
        for ending in ("-wal", ""):
            shutil.copyfile(f"{database}{ending}", f"{self.path}{ending}")


def why_read_only(path: Path) -> str:
    """Tell why an existing file, or its folder, cannot be written; "" where both can."""
    if not path.exists():
        return ""
    if hasattr(os, "statvfs") and os.statvfs(path).f_flag & os.ST_RDONLY:
        return "its disk is read-only"
    if not os.access(path.parent, os.W_OK):
        return "its folder is read-only"
    return "" if os.access(path, os.W_OK) else "the file is read-only"


def can_lock(path: Path) -> bool:
    """Tell whether files beside `path` can be locked; not so on some network drives."""
    if fcntl is None:
        return True
    try:
        # Another file: closing one's own handle of the database would drop SQLite's locks.
        with tempfile.TemporaryFile(dir=path.parent) as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
