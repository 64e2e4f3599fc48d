"""Bytes or a path to an upright RGB photograph, with every limit and refusal."""

from search.photos.reading import (
    EXTENSIONS,
    MAX_BYTES,
    MAX_PIXELS,
    MIN_SIDE,
    Box,
    Photo,
    PhotoFile,
    crop,
    plain_name,
    read,
    thumbnail,
)

__all__ = [
    "EXTENSIONS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MIN_SIDE",
    "Box",
    "Photo",
    "PhotoFile",
    "crop",
    "plain_name",
    "read",
    "thumbnail",
]
