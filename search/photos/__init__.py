"""Bytes or a path to an upright RGB photograph, with every limit and refusal."""

from search.photos.bounds import MAX_PIXELS
from search.photos.formats import EXTENSIONS
from search.photos.photo import MIN_SIDE, Box, Photo, PhotoFile, crop
from search.photos.reading import MAX_BYTES, check, content, plain_name, read, reduced, warm
from search.photos.thumbnails import make_thumbnail, open_thumbnail, thumbnail

__all__ = [
    "EXTENSIONS",
    "MAX_BYTES",
    "MAX_PIXELS",
    "MIN_SIDE",
    "Box",
    "Photo",
    "PhotoFile",
    "check",
    "content",
    "crop",
    "make_thumbnail",
    "open_thumbnail",
    "plain_name",
    "read",
    "reduced",
    "thumbnail",
    "warm",
]
