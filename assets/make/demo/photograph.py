"""From a spec to its photograph: build, light, aim, render."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

from . import studio
from .spec import Spec

PHOTO_SIZE = 448
SAMPLES = 10


def kind_module(kind: str) -> ModuleType:
    """The geometry module of a kind."""
    return importlib.import_module(f"{__package__}.geometry.{kind}")


def photograph(
    spec: Spec,
    path: Path,
    *,
    view_seed: int | None = None,
    size: int = PHOTO_SIZE,
    samples: int = SAMPLES,
    threads: int = 1,
) -> None:
    """Build `spec` in an empty scene and take the shop's photograph of it."""
    studio.empty()
    kind_module(spec.kind).build(spec)
    view = studio.shop_view(spec.kind, spec.seed if view_seed is None else view_seed)
    studio.light(view)
    studio.aim(view)
    studio.photograph(path, view, size=size, samples=samples, threads=threads)
