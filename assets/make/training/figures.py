"""How good the features are, on the photographs held out and on altered copies of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from search.insight import evaluation
from search.network.vectors import unit_rows
from training import alter, data, encode, vgg
from training.pictures import Pictures

_ALTERED = 300
_PART = 100


def measure(
    network: vgg.Vgg16, held_out: Sequence[data.Photograph], side: int, device: torch.device
) -> dict[str, dict[str, float]]:
    """Give each figure with its interval: kinds found by leave-one-out, own photograph found."""
    network.eval()
    found: dict[str, dict[str, float]] = {}
    with torch.autocast(device.type, torch.bfloat16):
        shop = [p for p in held_out if not p.home and p.labels["type"]]
        home = [p for p in held_out if p.home]
        features = np.empty((0, vgg.FEATURE_SIZE), np.float32)
        if shop:
            features = unit_rows(encode.photographs(network, shop, side, device))
            types = [p.labels["type"] for p in shop]
            both = [p.labels["style"] for p in shop]
            quality = evaluation.leave_one_out(features, types)
            found["products by type, P@8"] = _figure(quality.precision_at_8)
            found["products by type, mAP"] = _figure(quality.mean_average_precision)
            quality = evaluation.leave_one_out(features, both)
            found["products by type and colour, P@8"] = _figure(quality.precision_at_8)
            found["strongly altered copy finds its own, @1"] = _robust(
                network, shop, features, side, device
            )
        if home:
            own = unit_rows(encode.photographs(network, home, side, device))
            quality = evaluation.leave_one_out(own, [p.labels["garment"] for p in home])
            found["home garments, P@8"] = _figure(quality.precision_at_8)
    return found


def table(found: dict[str, dict[str, dict[str, float]]]) -> str:
    """Give the figures as a table in Markdown, for the card."""
    runs = list(found)
    lines = ["| figure | " + " | ".join(runs) + " |", "|---" * (len(runs) + 1) + "|"]
    for name in next(iter(found.values())):
        cells = []
        for run in runs:
            figure = found[run][name]
            cells.append(f"{figure['mean']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def input_size(path: Path) -> int | None:
    """Read from a file of weights what size it was made for; None where it doesn't say."""
    with np.load(path, allow_pickle=False) as file:
        if "__meta__" not in file.files:
            return None
        meta: dict[str, Any] = json.loads(file["__meta__"].tobytes())
    return int(meta["input_size"])


def _robust(
    network: vgg.Vgg16,
    shop: Sequence[data.Photograph],
    features: NDArray[np.float32],
    side: int,
    device: torch.device,
) -> dict[str, float]:
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.permutation(len(shop))[:_ALTERED])
    pictures = Pictures(shop, device)
    before = pictures.cut_out[chosen] & (rng.random(len(chosen)) >= 0.5)
    scenes = np.where(before, alter.DRAWN, alter.NONE)
    generator = torch.Generator(device).manual_seed(0)
    copies = alter.strong(pictures, chosen, scenes, side, alter.Strength(), generator)
    found = encode.views(network, copies.split(_PART)).cpu().numpy()
    scores = unit_rows(found) @ features.T
    return _figure(evaluation.interval(scores.argmax(axis=1) == chosen))


def _figure(figure: evaluation.Figure) -> dict[str, float]:
    return {"mean": figure.mean, "low": figure.low, "high": figure.high}
