"""Photographs to add: as files, as a folder, or in one zip."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from search import photos
from search.importing.sources import PhotoSource
from search.ui import state

ZIP = "zip"
Named = tuple[str, bytes]


def uploads(label: str, key: str) -> list[Named]:
    """Ask for photographs as files, a folder, or a zip; give all of them, namesakes too."""
    as_folder = st.toggle("Choose a whole folder", key=f"{key}_folder")
    suffixes = sorted(extension.lstrip(".") for extension in photos.EXTENSIONS)
    files = st.file_uploader(
        label,
        # Of a folder everything comes, so that what is not used can be named.
        type=None if as_folder else [*suffixes, ZIP],
        accept_multiple_files="directory" if as_folder else True,
        key=f"{key}_{as_folder}_{state.draft_round()}",
    )
    given = [(file.name, file.getvalue()) for file in files or []]
    return _in_their_folder(given) if as_folder else given


def photographs_of(files: Sequence[Named]) -> PhotoSource | None:
    """Give uploads as the import takes them: one zip alone is opened."""
    if len(files) == 1:
        (file, data), *_ = files
        if file.lower().endswith(f".{ZIP}"):
            return data
    return files or None


def _in_their_folder(files: Sequence[Named]) -> list[Named]:
    """Take off the chosen folder's own name, which a browser may put before all."""
    tops = {name.partition("/")[0] if "/" in name else "" for name, _ in files}
    top = tops.pop() if len(tops) == 1 else ""
    return [(name[len(top) + 1 :] if top else name, data) for name, data in files]
