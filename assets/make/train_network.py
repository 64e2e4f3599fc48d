"""Train a bundled network on fashion photographs; see README.md beside this file.

    python assets/make/train_network.py --data DIR --work DIR --stages 80:3000 128:600

Needs PyTorch (a development dependency). Stop it at any moment and start it again with the same
options: it goes on from the last checkpoint in --work. Writes network.npz and figures.json there.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from search.network.vectors import unit_rows  # noqa: E402
from training import data, encode, figures, mixture, options, weights  # noqa: E402
from training.convnet import ConvNet  # noqa: E402
from training.trainer import Trainer  # noqa: E402

_CHECKED = 10  # photographs


def main() -> None:
    """Train as the command line asks, then choose, write and evaluate."""
    given = options.parse(__doc__.splitlines()[0])
    given.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    torch.backends.cudnn.benchmark = True
    if given.threads:
        torch.set_num_threads(given.threads)
    training, held_out = data.split(data.read(given.data, given.extra))
    if given.photographs:
        training = data.sample(training, given.photographs, given.home, given.seed)
    print(f"{len(training)} photographs to train on, {len(held_out)} held out", flush=True)
    choosing, measured = held_out[::2], held_out[1::2]  # what chose a share doesn't judge it
    trainer = Trainer(given, training, choosing)
    trainer.resume()
    trainer.run()
    shipped = mixed(trainer, choosing)
    write(shipped, given)
    if given.check:
        write_check(shipped, given, trainer.device)
    if not given.no_figures:
        found = compared(shipped, given, measured, trainer.device)
        (given.work / "figures.json").write_text(json.dumps(found, indent=2))
        print(figures.table(found))


def input_size(given: argparse.Namespace) -> int:
    """Give the side of the photographs that the written network is made for."""
    return int(given.input_size or given.stages[-1].side)


@torch.no_grad()
def mixed(trainer: Trainer, held_out: Sequence[data.Photograph]) -> ConvNet:
    """Mix what was trained with older weights: with the shares given, or those that find most."""
    given, trained = trainer.given, trainer.trained()
    if not given.mix:
        return trained
    files, shares = zip(*given.mix, strict=True)
    networks = [trained, *(weights.read(file).to(trainer.device) for file in files)]
    mixer = mixture.Mixer(networks, trainer.sample())
    if None not in shares:
        return mixer((1 - sum(shares), *shares))
    shown = figures.HeldOut(held_out, input_size(given), trainer.device)
    shown.through(trained, given.freeze)
    tried: list[mixture.Tried] = []
    for shares in mixture.compositions(len(networks), given.parts):
        found = shown.measure(mixer(shares))
        tried.append(mixture.Tried(shares, figures.score(found), figures.error(found)))
        each = " ".join(f"{figure['mean']:.3f}" for figure in found.values())
        print(f"mixture of {shares}: {tried[-1].score:.4f} ({each})", flush=True)
    chosen = mixture.chosen(tried)
    print(f"chosen: {chosen}", flush=True)
    return mixer(chosen)


def write(shipped: ConvNet, given: argparse.Namespace) -> None:
    """Write the network to ship."""
    meta = {
        "name": shipped.name, "input_size": input_size(given), "resize": "letterbox-white",
        "preprocess": shipped.preprocess, "feature_size": shipped.size, "pooling": "avg",
        "note": given.note,
    }  # fmt: skip
    weights.write(shipped, given.work / "network.npz", meta)


def write_check(shipped: ConvNet, given: argparse.Namespace, device: torch.device) -> None:
    """Write what the network makes of some photographs, in float32.

    Whatever runs the written weights is to give the same features.
    """
    files = sorted(given.check.glob("*.jpg"))[:_CHECKED]
    photographs = [data.Photograph(file.name, file.read_bytes(), False) for file in files]
    found = encode.photographs(shipped.to(device), photographs, input_size(given), device)
    names = np.array([file.name for file in files])
    np.savez(given.work / "check.npz", files=names, features=unit_rows(found))


def compared(
    shipped: ConvNet,
    given: argparse.Namespace,
    held_out: Sequence[data.Photograph],
    device: torch.device,
) -> dict[str, figures.Figures]:
    """Measure what was trained and, at its own size, what it started from."""
    side = input_size(given)
    found = {"after": figures.HeldOut(held_out, side, device).measure(shipped.to(device))}
    if given.start:
        side = weights.meta(given.start).get("input_size", side)
        start = weights.read(given.start).to(device)
        found["before"] = figures.HeldOut(held_out, side, device).measure(start)
    return found


if __name__ == "__main__":
    main()
