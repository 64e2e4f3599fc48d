"""Which arithmetic a network runs in: the one chosen, else what is fastest here."""

from __future__ import annotations

import os
import platform
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

from search.errors import NetworkError
from search.network.runtime import tensorflow

Precision = Literal["auto", "int8", "bfloat16", "float32"]
PRECISIONS: tuple[Precision, ...] = get_args(Precision)


GAINING = frozenset({"VGG16"})
"""Applications that "auto" runs in bfloat16: those without batch normalisation.

On a processor with bfloat16 TensorFlow takes 1.0 to 1.6 times as long for the others in it, and
MobileNet's features have a cosine of 0.996 to those in float32.
"""


def precision_of(application: str, chosen: Precision) -> Literal["bfloat16", "float32"]:
    """Choose TensorFlow's arithmetic: the one chosen, else what is fastest here for the network.

    It has no int8: then as if none were chosen.
    """
    if chosen in ("bfloat16", "float32"):
        return chosen
    return best_precision() if application in GAINING else "float32"


def best_precision() -> Literal["bfloat16", "float32"]:
    """Tell which arithmetic is fastest here: bfloat16 with AMX, AVX512-BF16 or a recent GPU."""
    return "bfloat16" if _processor_has_bfloat16() or _gpu_has_bfloat16() else "float32"


@cache
def _processor_has_bfloat16() -> bool:
    if platform.system() != "Linux" or platform.machine() not in ("x86_64", "AMD64"):
        return False
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return False
    flags = next((line for line in lines if line.startswith("flags")), "").split()
    return "avx512_bf16" in flags or "amx_bf16" in flags


@cache
def _gpu_has_bfloat16() -> bool:
    tf = tensorflow()
    details = map(tf.config.experimental.get_device_details, tf.config.list_physical_devices("GPU"))
    # NVIDIA's tensor cores compute in bfloat16 since capability 8.0.
    return any(detail.get("compute_capability", (0, 0)) >= (8, 0) for detail in details)


def read_precision(precision: str) -> Precision:
    """Read a precision, "auto" from SEARCH_PRECISION.

    :raises NetworkError: when there is no such precision.
    """
    if precision == "auto":
        precision = os.environ.get("SEARCH_PRECISION", "").strip().lower() or "auto"
    if precision not in PRECISIONS:
        raise NetworkError(
            f"There is no precision “{precision}”; choose auto, int8, bfloat16 or float32 "
            "(the environment variable is SEARCH_PRECISION)."
        )
    return precision


def in_bfloat16(model: Any) -> Any:
    """Copy a model with weights and arithmetic in bfloat16.

    Keeping float32 weights (Keras's mixed policy, TensorFlow's automatic mixed precision) costs a
    conversion of all weights at every call, which eats the gain.
    """
    import keras

    def copy(layer: Any) -> Any:
        return layer.__class__.from_config({**layer.get_config(), "dtype": "bfloat16"})

    clone = keras.models.clone_model(model, clone_function=copy)
    clone.set_weights(model.get_weights())
    return clone
