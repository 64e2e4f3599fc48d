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
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.errors import ImportRefused

MAX_BYTES = 2_000_000_000

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
        return _plain(_Unpickler(io.BytesIO(data)).load(), 0)
    except _Refused as refused:
        raise ImportRefused(
            f"“{file.name}” is refused: it holds {refused}, and only numpy arrays of numbers, "
            "lists and strings are taken from a pickle."
        ) from None
    except _BROKEN as error:
        raise ImportRefused(
            f"“{file.name}” is not a whole pickle file: save or copy it again."
        ) from error


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
            what = {"O": "Python objects", "O8": "Python objects"}.get(str(code), repr(code)[:40])
            raise _Refused(f"a numpy array of {what}")
        self._code = code
        self._order = "="

    def __setstate__(self, state: Any) -> None:
        _, order, *structure = state
        if order not in ("<", ">", "|", "=") or any(part is not None for part in structure[:3]):
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
    if not isinstance(shape, tuple) or not all(type(n) is int and n >= 0 for n in shape):
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
        raise _Refused(full)

    def persistent_load(self, pid: Any) -> Any:
        raise _Refused(f"a reference to {str(pid)[:40]!r}, outside the file")


def _plain(value: Any, depth: int) -> Any:
    """Give the arrays themselves for what collected them; refuse every other kind of object."""
    if isinstance(value, _Array) and value.value is not None:
        return value.value
    if type(value) is str:
        return value
    if type(value) is list:
        if depth > 8:
            raise _Refused("lists within lists without end")
        return [_plain(item, depth + 1) for item in value]
    raise _Refused(f"a {type(value).__name__.strip('_').lower()}")
