"""How good the features are, on photographs held out and on altered copies of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from search.insight import evaluation
from search.network.vectors import unit_rows
from training import alter, data
from training.convnet import ConvNet
from training.pictures import Pictures

Figures = dict[str, dict[str, float]]
_ALTERED = 300
_PART = 64
_INTERVAL = 2 * 1.96  # standard errors that a 95% interval spans


class HeldOut:
    """Held-out photographs of shop and home as the search prepares them, and altered copies.

    A network's first blocks can be run once for all networks that share them (`through`).
    """

    def __init__(
        self, photographs: Sequence[data.Photograph], side: int, device: torch.device
    ) -> None:
        shop = [p for p in photographs if not p.home and p.labels["type"]]
        home = [p for p in photographs if p.home]
        self.types = [p.labels["type"] for p in shop]
        self.styles = [p.labels["style"] for p in shop]
        self.garments = [p.labels["garment"] for p in home]
        self.device, self._blocks = device, 0
        shown = [*shop, *home]
        self._parts = [
            torch.from_numpy(data.clean(shown[start : start + _PART], side))
            for start in range(0, len(shown), _PART)
        ]
        self.own = np.empty(0, np.int64)  # the photograph of each copy
        if shop:
            self.own, copies = _copies(shop, side, device)
            self._parts += [part.round().to(torch.uint8) for part in copies.cpu().split(_PART)]

    @torch.no_grad()
    def through(self, network: ConvNet, blocks: int) -> None:
        """Keep what a network's first blocks make; `features` asks for the rest of them then."""
        with self._autocast():
            self._parts = [
                network.before(part.to(self.device).float(), blocks).half().cpu()
                for part in self._parts
            ]
        self._blocks = blocks

    @torch.no_grad()
    def features(self, network: nn.Module) -> Tensor:
        """Give a network's features (n, size): shop, home, copies."""
        return torch.cat(list(self._features(network))).cpu()

    def measure(self, network: nn.Module) -> Figures:
        """Give a network's figures."""
        return self.judged(self.features(network))

    def judged(self, features: Tensor) -> Figures:
        """Give each figure with its interval: kinds by leave-one-out, copies by their own."""
        ends = np.cumsum([len(self.types), len(self.garments)])
        shop, home, copies = np.split(unit_rows(features.numpy()), ends)
        found: Figures = {}
        for name, rows, labels in (
            ("products by type", shop, self.types),
            ("products by type and colour", shop, self.styles),
            ("home garments", home, self.garments),
        ):
            if len(set(labels)) < len(labels):  # else there is nothing to find
                quality = evaluation.leave_one_out(rows, labels)
                found[f"{name}, P@8"] = _figure(quality.precision_at_8)
                if labels is self.types:
                    found[f"{name}, mAP"] = _figure(quality.mean_average_precision)
        if len(copies):
            first = (copies @ shop.T).argmax(axis=1)
            found["strongly altered copy finds its own, @1"] = _figure(
                evaluation.interval(first == self.own)
            )
        return found

    def _features(self, network: nn.Module) -> Iterator[Tensor]:
        for part in self._parts:
            with self._autocast():
                values = part.to(self.device).float()
                if self._blocks and isinstance(network, ConvNet):
                    yield network.after(values, self._blocks).mean(dim=(2, 3))
                else:
                    yield network(values).float()

    def _autocast(self) -> AbstractContextManager[Any]:
        cuda = self.device.type == "cuda"
        return torch.autocast("cuda", torch.bfloat16) if cuda else nullcontext()


def score(found: Figures) -> float:
    """Give the mean of the figures, by which shares are chosen."""
    return float(np.mean([figure["mean"] for figure in found.values()] or [0.0]))


def error(found: Figures) -> float:
    """Give the standard error of the score, as large as it can be: all figures err alike."""
    return float(np.mean([f["high"] - f["low"] for f in found.values()] or [0.0])) / _INTERVAL


def table(found: dict[str, Figures]) -> str:
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


def _copies(
    shop: Sequence[data.Photograph], side: int, device: torch.device
) -> tuple[np.ndarray, Tensor]:
    rng = np.random.default_rng(0)
    chosen = np.sort(rng.permutation(len(shop))[:_ALTERED])
    pictures = Pictures(shop, device)
    before = pictures.cut_out[chosen] & (rng.random(len(chosen)) >= 0.5)
    scenes = np.where(before, alter.DRAWN, alter.NONE)
    generator = torch.Generator(device).manual_seed(0)
    return chosen, alter.strong(pictures, chosen, scenes, side, alter.Strength(), generator)


def _figure(figure: evaluation.Figure) -> dict[str, float]:
    return {"mean": figure.mean, "low": figure.low, "high": figure.high}
