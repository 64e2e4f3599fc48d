"""Photographs to add: as files, as a folder, or in one zip."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from search import photos
from search.ui import state

ZIP = "zip"


def uploads(label: str, key: str) -> dict[str, bytes]:
    """Ask for photographs as files, a folder, or a zip; give them by name."""
    as_folder = st.toggle("Choose a whole folder", key=f"{key}_folder")
    suffixes = sorted(extension.lstrip(".") for extension in photos.EXTENSIONS)
    files = st.file_uploader(
        label,
        type=suffixes if as_folder else [*suffixes, ZIP],
        accept_multiple_files="directory" if as_folder else True,
        key=f"{key}_{as_folder}_{state.draft_round()}",
    )
    return {file.name: file.getvalue() for file in files or []}


def photographs_of(files: Mapping[str, bytes]) -> Mapping[str, bytes] | bytes | None:
    """Give uploads as the import takes them: one zip alone is opened."""
    if len(files) == 1:
        (file, data), *_ = files.items()
        if file.lower().endswith(f".{ZIP}"):
            return data
    return files or None
