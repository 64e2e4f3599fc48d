"""Pickles are read without running anything they say."""

from __future__ import annotations

import builtins
import collections
import datetime
import functools
import operator
import os
import pickle
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from search.errors import ImportRefused
from search.importing import pickles
from search.importing.pickles import read_pickle

PROTOCOLS = range(pickle.HIGHEST_PROTOCOL + 1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.p"


class Call:
    """Pickles as a call of anything, with a state to set on what it returns."""

    def __init__(self, function, *arguments, state=None):
        self.parts = (function, arguments) if state is None else (function, arguments, state)

    def __reduce__(self):
        return self.parts


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    "value",
    [
        np.arange(12.0).reshape(3, 4),
        np.asfortranarray(np.arange(12.0, dtype=np.float32).reshape(3, 4)),
        np.arange(24).reshape(2, 3, 4)[:, ::2],
        np.array([1.5, np.nan], dtype=">f4"),
        np.array([True, False]),
        np.array(["one", "größer"]),
        np.float16([0.1]),
        np.array(3.0),
    ],
    ids=lambda value: f"{value.dtype}{value.shape}",
)
def test_arrays_as_numpy_itself_reads_them(path, value, protocol):
    path.write_bytes(pickle.dumps(value, protocol))
    read = read_pickle(path)
    assert type(read) is np.ndarray
    assert read.dtype == value.dtype
    np.testing.assert_array_equal(read, value)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_lists_and_strings(path, protocol):
    value = ["a", "ü/b.jpg", ["c", []], "a"]
    path.write_bytes(pickle.dumps(value, protocol))
    assert read_pickle(path) == value


def test_a_list_of_arrays_sharing_a_dtype(path):
    rows = [np.full(4, n, np.float32) for n in range(3)]
    path.write_bytes(pickle.dumps([*rows, rows[0]]))
    np.testing.assert_array_equal(np.stack(read_pickle(path)), [*rows, rows[0]])


def test_older_numpy_wrote_another_module_name(path):
    data = pickle.dumps(np.arange(3.0), 2)
    assert b"numpy._core.multiarray" in data
    path.write_bytes(data.replace(b"numpy._core.multiarray", b"numpy.core.multiarray"))
    np.testing.assert_array_equal(read_pickle(path), [0, 1, 2])


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("function", "arguments", "name"),
    [
        (os.system, ("touch {mark}",), "system"),
        (builtins.eval, ("open('{mark}', 'w')",), "eval"),
        (builtins.exec, ("open('{mark}', 'w')",), "exec"),
        (builtins.getattr, (1, "real"), "getattr"),
        (subprocess.run, (["touch", "{mark}"],), "run"),
        (os.mkdir, ("{mark}",), "mkdir"),
        (operator.attrgetter, ("a",), "attrgetter"),
        (functools.partial, (os.mkdir, "{mark}"), "functools.partial"),
        (np.load, ("{mark}",), "load"),
        (np.ones, (3,), "ones"),
        (collections.OrderedDict, (), "OrderedDict"),
        (datetime.date, (2026, 1, 1), "datetime.date"),
    ],
)
def test_calls_are_refused_by_name_and_not_made(
    path, tmp_path, function, arguments, name, protocol
):
    mark = tmp_path / "ran"
    filled = [a.format(mark=mark) if isinstance(a, str) else a for a in arguments]
    path.write_bytes(pickle.dumps(["a", Call(function, *filled)], protocol))
    with pytest.raises(ImportRefused, match=name):
        read_pickle(path)
    assert not mark.exists()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_object_arrays_are_refused_with_all_they_hold(path, tmp_path, protocol):
    for held in (None, "text", Call(os.mkdir, str(tmp_path / "ran"))):
        array = np.empty(2, object)
        array[:] = [held, held]
        path.write_bytes(pickle.dumps(array, protocol))
        with pytest.raises(ImportRefused, match=r"numpy array of Python objects|mkdir"):
            read_pickle(path)
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "value",
    [np.zeros(2, [("a", "f8")]), np.zeros(2, "V8"), np.zeros(2, "M8[s]"), np.zeros(2, complex)],
    ids=str,
)
def test_arrays_of_other_things_are_refused(path, value):
    path.write_bytes(pickle.dumps(value))
    with pytest.raises(ImportRefused, match="numpy array of"):
        read_pickle(path)


RECONSTRUCT = np.arange(1.0).__reduce__()[0]
DTYPE = np.dtype("f8")


@pytest.mark.parametrize(
    "value",
    [
        # numpy's own rebuilding turned against it: other classes, objects for bytes, false shapes.
        Call(RECONSTRUCT, list, (0,), b"b"),
        Call(RECONSTRUCT, np.memmap, (0,), b"b"),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b", state=(1, (1,), np.dtype("O"), False, ["a"])),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b", state=(1, (1,), DTYPE, False, [1.0])),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b", state=(1, (9**9,), DTYPE, False, b"12345678")),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b", state=(1, (-1,), DTYPE, False, b"12345678")),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b", state=(1, ("x",), DTYPE, False, b"12345678")),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b", state=(1, (1,), "f8", False, b"12345678")),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b", state=(1,)),
        Call(RECONSTRUCT, np.ndarray, (0,), b"b"),
        Call(np.dtype, "O"),
        Call(np.dtype, [("a", "O")]),
        Call(np.dtype, "f8", state=(3, "<", (np.dtype("f8"), (2,)), None, None, 8, 8, 0)),
        Call(np.dtype, "f8"),
        Call(np.ndarray, (3,)),
        np.ndarray,
        np.float64(2),
    ],
    ids=lambda value: type(value).__name__,  # the same in every process
)
def test_numpys_own_names_cannot_be_turned_to_anything_else(path, value):
    path.write_bytes(pickle.dumps(value))
    with pytest.raises(ImportRefused):
        read_pickle(path)


@pytest.mark.parametrize(
    "program",
    [
        b"cnumpy\nndarray\n(dVx\nI1\nsb.",  # set attributes on the class ndarray
        b"\x80\x02cnumpy\nndarray\nN}Vx\nK\x01s\x86b.",  # the same through a slot state
        b"cnumpy.core.multiarray\n_reconstruct\n(dV__code__\nI1\nsb.",
        b"\x80\x02cnumpy\ndtype\n(Vf8\no.",  # OBJ
        b"(Vf8\ninumpy\ndtype\n.",  # INST
        b"\x80\x02cnumpy\nndarray\n)\x81.",  # NEWOBJ
        b"\x80\x04\x8c\x05numpy\x8c\x10ndarray.__class__\x93.",  # a dotted name
        b"\x80\x02cnumpy.core.multiarray\nos.system\n.",
        b"\x80\x02cnumpy\nsystem\n.",
        b"Pfile\n.",  # a persistent id
        b"\x80\x02\x82\x01.",  # the extension registry
    ],
)
def test_programs_written_by_hand(path, program):
    path.write_bytes(program)
    with pytest.raises(ImportRefused):
        read_pickle(path)
    assert np.ndarray.__name__ == "ndarray"
    path.write_bytes(pickle.dumps(np.arange(2.0)))
    np.testing.assert_array_equal(read_pickle(path), [0, 1])


@pytest.mark.parametrize("value", [3, 2.5, None, True, b"bytes", (1, 2), {"a": 1}, {"a"}], ids=str)
def test_other_plain_values_are_named(path, value):
    path.write_bytes(pickle.dumps([value]))
    with pytest.raises(ImportRefused, match=type(value).__name__.lower()):
        read_pickle(path)


@pytest.mark.parametrize(
    "data",
    [b"", b"\x89PNG", b"text", pickle.dumps(["a"])[:-1], pickle.dumps(np.arange(99.0))[:-200]],
)
def test_broken_files(path, data):
    path.write_bytes(data)
    with pytest.raises(ImportRefused, match="whole pickle"):
        read_pickle(path)


def test_a_list_within_itself(path):
    endless: list = []
    endless.append(endless)
    path.write_bytes(pickle.dumps(endless))
    with pytest.raises(ImportRefused, match="without end"):
        read_pickle(path)


def test_claims_of_sizes_beyond_the_file(path):
    for program in (
        b"\x80\x05\x96" + (2**40).to_bytes(8, "little"),
        b"\x80\x04\x8e" + (2**62).to_bytes(8, "little") + b"a",
        b"\x80\x04Na" + b"r\xff\xff\xff\x7f.",
    ):
        path.write_bytes(program)
        with pytest.raises(ImportRefused):
            read_pickle(path)


def test_a_missing_file(path):
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_pickle(path)


def refusal(path, data: bytes) -> str:
    path.write_bytes(data)
    with pytest.raises(ImportRefused) as refused:
        read_pickle(path)
    return str(refused.value)


def shared_lists(levels: int, times: int) -> bytes:
    """Lists of lists that are all the same one: of few bytes, and times ** levels items."""
    value: list = ["a"]
    for _ in range(levels):
        value = [value] * times
    return pickle.dumps(value)


def test_lists_that_few_bytes_make_endless(path, monkeypatch):
    monkeypatch.setattr(pickles, "MAX_STEPS", 100_000)
    assert "more than" in refusal(path, shared_lists(8, 10))
    assert "without end" in refusal(path, b"\x80\x04" + b"](" * 10_000 + b"e" * 10_000 + b".")


def test_more_things_than_any_store_holds(path, monkeypatch):
    monkeypatch.setattr(pickles, "MAX_STEPS", 1000)
    assert "more than 1,000 things" in refusal(path, pickle.dumps([[]] * 2000))
    assert "more than 1,000 things" in refusal(path, b"\x80\x04(" + b"]" * 100_000 + b"l.")
    path.write_bytes(pickle.dumps(["a"] * 200))
    assert len(read_pickle(path)) == 200


def test_one_array_listed_without_end(path):
    rows = np.zeros(500_000, np.uint8)
    assert "again and again" in refusal(path, pickle.dumps([rows] * 10_000))


@pytest.mark.parametrize("hashed", [b"}h\x00Ns.", b"\x8f(h\x00\x90.", b"(h\x00\x91.", b"(h\x00Nd."])
def test_tuples_that_take_for_ever_to_hash_are_never_hashed(path, hashed):
    # Each tuple holds the one before it twice, and Python remembers no tuple's hash.
    doubling = b"\x80\x04N" + b"2\x86" * 60 + b"\x940"
    assert re.search("holds a (dict|set|frozenset)", refusal(path, doubling + hashed))


def test_names_in_a_refusal_stay_short(path):
    long = b"\x80\x04X" + (10**6).to_bytes(4, "little") + b"a" * 10**6
    assert len(refusal(path, long + long[2:] + b"\x93.")) < 400


def test_a_dtype_of_lists_without_end_is_not_written_out(path):
    nested: object = "x"
    for _ in range(60):
        nested = [nested, nested]
    assert "a list" in refusal(path, pickle.dumps(DtypeOf(nested)))


class DtypeOf:
    """Pickles as numpy's dtype called with anything."""

    def __init__(self, value):
        self.value = value

    def __reduce__(self):
        return np.dtype, (self.value,)


def test_more_lists_than_there_are_photographs(tmp_path, monkeypatch):
    monkeypatch.setattr(pickles, "_MAX_LISTS", 5)
    file = tmp_path / "names.p"
    file.write_bytes(pickle.dumps([["a"]] + [["b"] for _ in range(3)]))
    assert read_pickle(file) == [["a"], ["b"], ["b"], ["b"]]
    for lists in (
        pickle.dumps([["a"] for _ in range(6)]),
        pickle.dumps([[]] * 1 + [[] for _ in "12345"], 0),
    ):
        file.write_bytes(lists)
        with pytest.raises(ImportRefused, match="more than 5 lists"):
            read_pickle(file)
