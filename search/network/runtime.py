"""TensorFlow, imported on first need: quiet, with bounded threads."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

from search.errors import NetworkError

MAX_THREADS = 16  # more only adds hand-overs for a single photograph, and memory
_NOISE = (
    "All log messages before absl::InitializeLog()",
    "oneDNN custom operations are on",
    "Could not find cuda drivers",
)
_importing = threading.Lock()


_share: int | None = None  # of the cores, where other processes were given the rest


def usable_cores() -> int:
    """Count the processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 1
    return min(allowed, _share or allowed)


def share_cores(count: int) -> None:
    """Use no more than so many cores in this process, for networks that are loaded from now on."""
    global _share
    _share = max(1, count)


def tensorflow() -> Any:
    """Import TensorFlow.

    :raises NetworkError: when it is missing, or Keras is set to run on another backend.
    """
    with _importing:
        return _import()


@cache
def _import() -> Any:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _without_noise():
            import tensorflow as tf
            from keras import backend
    except ImportError as error:
        raise NetworkError(
            "TensorFlow is needed to encode photographs and cannot be loaded; "
            "run `pip install -r requirements.txt`."
        ) from error
    if backend.backend() != "tensorflow":
        raise NetworkError(
            f"Keras is set to run on {backend.backend()}; set KERAS_BACKEND=tensorflow."
        )
    # Refused once TensorFlow has run something: then whoever ran it has chosen the threads.
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(min(usable_cores(), MAX_THREADS))
        tf.config.threading.set_inter_op_parallelism_threads(2)
    # Streamlit clears Keras's session after each run of a page, which collects garbage: 0.2 s among
    # TensorFlow's objects, during which all threads wait. None of them is ever garbage.
    gc.freeze()
    return tf


@contextlib.contextmanager
def _without_noise() -> Iterator[None]:
    """Hold back what is written to stderr, and pass on all but TensorFlow's idle greetings.

    They are written by C++ before any log level is obeyed, so only the file descriptor helps.
    """
    if sys.stderr is not None:
        sys.stderr.flush()
    try:
        real = os.dup(2)
    except OSError:  # stderr is closed
        yield
        return
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        finally:
            if sys.stderr is not None:
                sys.stderr.flush()
            os.dup2(real, 2)
            os.close(real)
            held.seek(0)
            for line in held.read().decode(errors="replace").splitlines(keepends=True):
                if not any(noise in line for noise in _NOISE):
                    os.write(2, line.encode())
