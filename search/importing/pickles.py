"""Pickles read without trust: numbers in numpy arrays, lists and strings, and nothing else.

A pickle is a program. This reader lends it no function of anybody's, not even numpy's: the few
names by which numpy's arrays are written are answered by stand-ins that only collect what they
are given, check it, and make an array of plain numbers or strings from the bytes.
"""

from __future__ import annotations

import io
import math
import os
import pickle
import pickletools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.errors import ImportRefused

MAX_BYTES = 2_000_000_000
MAX_STEPS = 3_000_000
"""Instructions of a pickle at most, and items in its lists: 22 for each of 130,000 photographs."""

_MAX_LISTS = 150_000  # none of more photographs; to look through many costs far more than arrays
_MAX_DEPTH = 8  # lists within lists
_MAX_DIMENSIONS = 32
_REPEATED = 4  # times that a file's own size of arrays may come of it, one shared by many lists
_SHOWN = 80
_NUMBERS = re.compile(r"b1|[iu][1248]|f[248]|U[0-9]{1,6}")  # bool, integers, floats, text
_BROKEN = (
    pickle.UnpicklingError, EOFError, ValueError, TypeError, LookupError, AttributeError,
    ArithmeticError, MemoryError, RecursionError, ImportError,
)  # fmt: skip


def read_pickle(path: str | os.PathLike[str]) -> Any:
    """Read numpy arrays, lists and strings (nested as they may be) from a pickle file.

    :raises ImportRefused: the file is missing, damaged, over 2 GB, or holds anything else; the
        sentence names what.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise ImportRefused(f"“{file.name}” is over 2 GB: adopt a smaller store.")
        data = file.read_bytes()
    except OSError as error:
        raise ImportRefused(f"“{file.name}” cannot be read: {error.strerror}.") from error
    try:
        return _Plain(_REPEATED * len(data) + 1_000_000).of(_load(data), 0)
    except _Refused as refused:
        raise ImportRefused(
            f"“{file.name}” is refused: it holds {refused}, and only numpy arrays of numbers, "
            "lists and strings are taken from a pickle."
        ) from None
    except _BROKEN as error:
        raise ImportRefused(
            f"“{file.name}” is not a whole pickle file: save or copy it again."
        ) from error


def _load(data: bytes) -> Any:
    """Run a pickle up to what is refused in any, so that what comes before it is named first."""
    end, what = _bounded(data)
    try:
        value = _Unpickler(io.BytesIO(data[:end] if what else data)).load()
    except (EOFError, pickle.UnpicklingError):
        if what:
            raise _Refused(what) from None
        raise
    return value


def _bounded(data: bytes) -> tuple[int, str]:
    """Walk through a pickle without running it: where to stop, and "" or what stands there.

    Dictionaries and sets are stopped at here, as tuples within tuples take for ever to hash.
    """
    lists = 0
    for step, (operation, _, at) in enumerate(pickletools.genops(data)):
        if step >= MAX_STEPS:
            raise _Refused(f"more than {MAX_STEPS:,} things")
        lists += operation.name in _LISTS
        if lists > _MAX_LISTS:
            raise _Refused(f"more than {_MAX_LISTS:,} lists")
        if what := _HASHED.get(operation.name):
            return at or 0, what
    return len(data), ""


_LISTS = ("EMPTY_LIST", "LIST")
_DICT = "a dict or a numpy array of records"
_HASHED = {
    **dict.fromkeys(("EMPTY_DICT", "DICT", "SETITEM", "SETITEMS"), _DICT),
    **dict.fromkeys(("EMPTY_SET", "ADDITEMS"), "a set"),
    "FROZENSET": "a frozenset",
}


class _Refused(Exception):
    """Carries the name of what is refused."""


class _Global:
    """What a name in the pickle stands for: something to call, and nothing to change."""

    __slots__ = ("_call", "_name")

    def __init__(self, name: str, call: Callable[..., Any] | None = None) -> None:
        self._name = name
        self._call = call

    def __call__(self, *arguments: Any) -> Any:
        if self._call is None:
            raise _Refused(f"a call of {self._name}")
        return self._call(*arguments)

    def __setstate__(self, state: Any) -> None:
        raise _Refused(f"a change of {self._name}")


class _Dtype:
    """Collects a dtype: dtype(code, align, copy), then its state with the byte order."""

    __slots__ = ("_code", "_order")

    def __init__(self, code: Any, *_: Any) -> None:
        if not isinstance(code, str) or not _NUMBERS.fullmatch(code):
            # Never the text of anything else: lists within lists have one without end.
            what = f"{code[:40]!r}" if isinstance(code, str) else _kind(code)
            what = "Python objects" if code in ("O", "O8") else what
            raise _Refused(f"a numpy array of {what}")
        self._code = code
        self._order = "="

    def __setstate__(self, state: Any) -> None:
        _, order, *structure = state
        if (
            not isinstance(order, str)
            or order not in ("<", ">", "|", "=")
            or any(part is not None for part in structure[:3])
        ):
            raise _Refused("a numpy array of records")
        self._order = order

    def numpy(self) -> np.dtype[Any]:
        return np.dtype(self._order.replace("|", "=") + self._code)


class _Array:
    """Collects an array: _reconstruct(ndarray, (0,), b"b"), then its state with the bytes."""

    __slots__ = ("value",)

    def __init__(self, *_: Any) -> None:
        self.value: NDArray[Any] | None = None

    def __setstate__(self, state: Any) -> None:
        _, shape, dtype, by_column, data = state
        self.value = _array(data, dtype, shape, "F" if by_column else "C")

    @classmethod
    def from_buffer(cls, data: Any, dtype: Any, shape: Any, order: Any, *_: Any) -> _Array:
        """Stand in for numpy's `_frombuffer`, as protocol 5 writes arrays."""
        array = cls()
        array.value = _array(data, dtype, shape, order)
        return array


def _array(data: Any, dtype: Any, shape: Any, order: Any) -> NDArray[Any]:
    if not isinstance(dtype, _Dtype) or not isinstance(data, bytes | bytearray):
        raise _Refused("a numpy array of Python objects")
    if not isinstance(shape, tuple) or len(shape) > _MAX_DIMENSIONS:
        raise _Refused("a numpy array without a shape")
    if not all(type(n) is int and 0 <= n <= MAX_BYTES for n in shape):
        raise _Refused("a numpy array without a shape")
    kind = dtype.numpy()
    if math.prod(shape) * kind.itemsize != len(data) or not kind.itemsize:
        raise ValueError("the array's bytes do not fill its shape")
    return np.frombuffer(data, kind).reshape(shape, order="F" if order == "F" else "C").copy()


def _bytes(text: Any, encoding: Any = "latin1") -> bytes:
    """Stand in for `_codecs.encode`, by which the older protocols write bytes."""
    if not isinstance(text, str) or encoding not in ("latin1", "latin-1"):
        raise _Refused("a call of _codecs.encode")
    return text.encode("latin-1")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        core = re.fullmatch(r"numpy(?:\._?core)?(?:\.(?:multiarray|numeric))?", module)
        full = f"{module}.{name}"
        if core and name == "ndarray":
            return _Global(full)
        if core and name == "dtype":
            return _Global(full, _Dtype)
        if core and name == "_reconstruct":
            return _Global(full, _Array)
        if core and name == "_frombuffer":
            return _Global(full, _Array.from_buffer)
        if full == "_codecs.encode":
            return _Global(full, _bytes)
        raise _Refused(full[:_SHOWN])

    def persistent_load(self, pid: Any) -> Any:  # noqa: ARG002
        raise _Refused("a reference to something outside the file")


class _Plain:
    """Gives the arrays themselves for what collected them; refuses every other kind of object.

    Few bytes can hold lists of lists that are all the same, and without end when written out: so
    items are counted, and the bytes of arrays.
    """

    def __init__(self, room: int) -> None:
        self._items = MAX_STEPS
        self._room = room

    def of(self, value: Any, depth: int) -> Any:
        """Give what a value stands for, `depth` lists down."""
        self._items -= 1
        if self._items < 0:
            raise _Refused(f"lists of more than {MAX_STEPS:,} things")
        if isinstance(value, _Array) and value.value is not None:
            self._room -= value.value.nbytes
            if self._room < 0:
                raise _Refused("the same array again and again")
            return value.value
        if type(value) is str:
            return value
        if type(value) is list:
            if depth > _MAX_DEPTH:
                raise _Refused("lists within lists without end")
            return [self.of(item, depth + 1) for item in value]
        raise _Refused(_kind(value))


def _kind(value: object) -> str:
    return f"a {type(value).__name__.strip('_').lower()}"
