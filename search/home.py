"""Where this program lies, and where the user's data does."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from search.errors import CatalogueError

HOME: Final = "SEARCH_HOME"
"""Environment variable that names the folder of all user data."""

ROOT = Path(__file__).resolve().parent.parent


def data_folder() -> Path:
    """Return the folder of all user data: `SEARCH_HOME`, or `data/` beside app.py.

    A `~` at its beginning is the user's home, also where no shell has put that in.

    :raises CatalogueError: when it is the home of a user that the system does not know.
    """
    named = os.environ.get(HOME, "").strip()
    try:
        return Path(named).expanduser() if named else ROOT / "data"
    except RuntimeError as error:
        raise CatalogueError(
            f"SEARCH_HOME says “{named}”, and there is no such home folder: write the whole path."
        ) from error


def machine_folder() -> Path:
    """Return the folder of what was measured on this machine, and is measured again without it."""
    return data_folder() / ".machine"
