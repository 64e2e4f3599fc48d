"""Train the bundled VGG16 on fashion photographs; see README.md beside this file.

    python assets/make/train_network.py --data DIR --work DIR --stages 80:3000 128:600

Needs PyTorch (a development dependency). Stop it at any moment and start it again with the same
options: it goes on from the last checkpoint in --work. Writes network.npz and figures.json there.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import sys
import time
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from search.network.vectors import unit_rows  # noqa: E402
from training import alter, data, encode, figures, losses, mobilenet, muon, vgg  # noqa: E402
from training.pictures import Pictures  # noqa: E402

WEIGHTS = {  # of the losses; 0 leaves one out
    "type": 1.0, "colour": 0.2, "style": 0.7, "gender": 0.1, "season": 0.05, "usage": 0.05,
    "category": 0.1, "garment": 1.0, "kids": 0.1, "words": 0.2, "together": 0.5, "design": 0.5,
    "own": 0.3, "views": 0.0, "teacher": 1.0, "cells": 1.0, "alike": 2.0, "neighbours": 1.0,
}  # fmt: skip
TEMPERATURE = 0.1
# tasks whose labels pull features together
_TOGETHER = [data.TASKS.index(name) for name in ("type", "style", "garment")]
# in a checkpoint
_KEPT = ("network", "average", "heads", "memory", "projection", "teacher", "optimiser", "muon")
_CHECKED = 10  # photographs
_WARMUP = 0.04  # share of the training
_TEACHER_SIZE = 256  # numbers of the teacher's features that are kept, by principal components


def main() -> None:
    """Train as the command line asks, then evaluate and write."""
    given = arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    torch.backends.cudnn.benchmark = True
    if given.threads:
        torch.set_num_threads(given.threads)
    photographs = data.read(given.data, given.extra)
    training, held_out = data.split(photographs)
    print(f"{len(training)} photographs to train on, {len(held_out)} held out", flush=True)
    trainer = Trainer(given, training)
    trainer.resume()
    trainer.run()
    shipped = trainer.shipped()
    trainer.write(shipped, given.work / "network.npz")
    if given.check:
        trainer.write_check(shipped, given.work / "check.npz")
    if given.no_figures:
        return
    side = trainer.input_size
    found = {"after": figures.measure(shipped.to(trainer.device), held_out, side, trainer.device)}
    if given.start:
        start = vgg.read(given.start).to(trainer.device)
        side = figures.input_size(given.start) or side
        found["before"] = figures.measure(start, held_out, side, trainer.device)
    (given.work / "figures.json").write_text(json.dumps(found, indent=2))
    print(figures.table(found))


class Trainer:
    """A training's state: the network, its running average, heads, optimiser, and how far it is."""

    def __init__(self, given: argparse.Namespace, photographs: list[data.Photograph]) -> None:
        self.given = given
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.weights = {**WEIGHTS, **dict(given.loss)}
        self.photographs = photographs
        self.classes = data.Classes(photographs)
        self.strength = alter.Strength(
            mild=given.mild, background=given.background, light=given.light
        )
        self.pictures = Pictures(photographs, self.device)
        self.batches = data.Batches(
            photographs, self.pictures.cut_out, size=given.batch, pairs=given.pairs,
            home=given.home, seed=given.seed, strength=self.strength,
        )  # fmt: skip
        codes = [self.classes.codes(photograph) for photograph in photographs]
        self.labels = torch.tensor(codes, device=self.device)
        self.words = torch.from_numpy(self.classes.shares(photographs)).to(self.device)
        network = vgg.Vgg16(normalised=True, plain=self.plain)
        self.sample = self._sample(192).cpu() if given.start or given.mix else torch.empty(0)
        if given.start:
            network = vgg.read(given.start).unfolded(self.sample, self.plain)
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.network.freeze(given.freeze)
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.teacher = self._teacher()
        shown = self.teacher.size if self.teacher else 1
        self.projection = nn.Linear(vgg.FEATURE_SIZE, shown).to(self.device)
        sizes = [*(len(self.classes.names[task]) for task in data.TASKS), len(self.classes.words)]
        self.heads = nn.ModuleList(losses.CosineHead(vgg.FEATURE_SIZE, n) for n in sizes)
        self.heads.to(self.device)
        remembered = len(photographs) if self.remembers else 0
        self.memory = losses.Memory(remembered, vgg.FEATURE_SIZE).to(self.device)
        trained = [p for p in self.network.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in trained if p.ndim == 1], "lr": given.rate},
            {"params": [*self.heads.parameters(), *self.projection.parameters()],
             "lr": given.rate * 2},
        ]  # fmt: skip
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.0)
        kernels = (p for p in trained if p.ndim > 1)
        self.muon = muon.Muon(kernels, lr=given.rate, weight_decay=given.decay)
        self.rates = [group["lr"] for group in self.groups]
        self.steps = sum(stage.steps for stage in given.stages)
        self.step, self.seconds = 0, 0.0

    @property
    def input_size(self) -> int:
        """The side of the photographs that the written network is made for."""
        return int(self.given.input_size or self.given.stages[-1].side)

    @property
    def remembers(self) -> bool:
        """Whether a loss asks for the features of all photographs."""
        return bool(self.weights["own"] or self.weights["neighbours"])

    @property
    def plain(self) -> int:
        """How many of the first blocks go without batch normalisation."""
        return int(self.given.freeze if self.given.plain is None else self.given.plain)

    @property
    def checkpoint(self) -> Path:
        """Where the state is kept."""
        return Path(self.given.work) / "checkpoint.pt"

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The parameters of both optimisers, with their rates."""
        return [*self.optimiser.param_groups, *self.muon.param_groups]

    def autocast(self) -> AbstractContextManager[Any]:
        """Compute in bfloat16, unless told not to."""
        if self.given.float32:
            return nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)

    def resume(self) -> None:
        """Go on from the checkpoint; where there is none, fill the memory and prime the heads."""
        if not self.checkpoint.is_file():
            if self.remembers:
                every = np.arange(len(self.photographs))
                self.memory.follow(self._features(every), torch.from_numpy(every).to(self.device))
            if self.given.start:
                self._prime()
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        for name, each in self._kept().items():
            each.load_state_dict(state[name])
        self.step, self.seconds = state["step"], state["seconds"]
        print(f"goes on at step {self.step}, {self.seconds / 60:.1f} minutes in", flush=True)

    def save(self) -> None:
        """Keep the state, at once or not at all."""
        state = {name: each.state_dict() for name, each in self._kept().items()}
        state |= {"step": self.step, "seconds": self.seconds}
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def run(self) -> None:
        """Take the steps that are left."""
        self.network.train()
        before = time.monotonic()
        while self.step < self.steps:
            done = self.step / self.steps
            for group, rate in zip(self.groups, self.rates, strict=True):
                warm = min(1.0, (done + 1 / self.steps) / _WARMUP)
                group["lr"] = rate * warm * (1 + math.cos(math.pi * done)) / 2
            parts = self._take(self.batches[self.step])
            self.step += 1
            if self.step % 10 == 0 or self.step == self.steps:
                each = " ".join(f"{name} {float(part):.3f}" for name, part in parts.items())
                now = time.monotonic()
                self.seconds, before = self.seconds + now - before, now
                print(f"{self.step}/{self.steps} {self.seconds:.1f}s {each}", flush=True)
            if self.step % self.given.every == 0 or self.step == self.steps:
                self.save()

    def shipped(self) -> vgg.Vgg16:
        """Give the network to ship: the average, folded, mixed with older ones if asked for."""
        plain = self.average.folded().cpu()
        if not self.given.mix:
            return plain
        older, shares = zip(*self.given.mix, strict=True)
        networks, shares = [plain, *map(vgg.read, older)], [1 - sum(shares), *shares]
        return vgg.repaired(vgg.mixed(networks, shares), networks, shares, self.sample)

    def write(self, shipped: vgg.Vgg16, path: Path) -> None:
        """Write the network to ship."""
        meta = {
            "name": "vgg16-fashion", "input_size": self.input_size,
            "resize": "letterbox-white", "preprocess": "caffe", "feature_size": vgg.FEATURE_SIZE,
            "pooling": "avg", "note": self.given.note,
        }  # fmt: skip
        vgg.write(shipped, path, meta)

    def write_check(self, shipped: vgg.Vgg16, path: Path) -> None:
        """Write what the trained network makes of some photographs, in float32.

        It is not folded yet unless it was mixed. Whatever runs the written weights is to give the
        same features.
        """
        network = shipped.to(self.device) if self.given.mix else self.average
        files = sorted(self.given.check.glob("*.jpg"))[:_CHECKED]
        photographs = [data.Photograph(file.name, file.read_bytes(), False) for file in files]
        found = encode.photographs(network, photographs, self.input_size, self.device)
        names = np.array([file.name for file in files])
        np.savez(path, files=names, features=unit_rows(found))

    def _kept(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _KEPT if getattr(self, name) is not None}

    def views(self, batch: data.Batch, step: int) -> Tensor:
        """Make a step's views, (n, 3, side, side) from 0 to 255."""
        state = np.random.SeedSequence([self.given.seed, step]).generate_state(2)
        generator = torch.Generator(self.device).manual_seed(int(state[0]) << 31 | int(state[1]))
        return alter.views(self.pictures, batch, self._side(step), self.strength, generator)

    def _side(self, step: int) -> int:
        ends = np.cumsum([stage.steps for stage in self.given.stages])
        stage = int(np.searchsorted(ends, step, side="right"))
        return int(self.given.stages[min(stage, len(ends) - 1)].side)

    def _take(self, batch: data.Batch) -> dict[str, Tensor]:
        """Take one step; give each loss."""
        views = self.views(batch, self.step)
        if self.teacher:
            views = torch.cat([views, alter.mosaics(views, self.given.mosaics)])
        rows = torch.from_numpy(batch.rows).to(self.device)
        labels = self.labels[rows]
        with self.autocast():
            cells = self.network.cells(views)
            shown = self.teacher.cells(views) if self.teacher else None
        every = cells.mean(dim=(2, 3))
        features = every[: len(rows)]
        parts: dict[str, Tensor] = {}
        for task, (name, head) in enumerate(zip(data.TASKS, self.heads, strict=False)):
            if self.classes.names[name]:
                parts[name] = losses.classified(head(features), labels[:, task])
        parts["together"] = losses.together(features, labels[:, _TOGETHER], TEMPERATURE)
        parts["design"] = losses.together(features, labels[:, len(data.TASKS) :], TEMPERATURE)
        parts["words"] = losses.named(self.heads[-1](features), self.words[rows])
        if batch.paired.size and self.weights["views"]:
            first, second = features[: batch.photographs], features[batch.photographs :]
            alone = torch.ones(len(first), dtype=torch.bool, device=self.device)
            alone[torch.from_numpy(batch.paired).to(self.device)] = False
            parts["views"] = losses.info_nce(first[~alone], second, first[alone], TEMPERATURE)
        if shown is not None:
            projected = self.projection(cells.movedim(1, 3)).movedim(3, 1)
            taught = shown.mean(dim=(2, 3))
            parts["teacher"] = losses.apart(projected.mean(dim=(2, 3)), taught)
            parts["cells"] = losses.apart(projected, losses.as_large(shown, projected))
            of = torch.cat([rows, -1 - torch.arange(len(every) - len(rows), device=self.device)])
            parts["alike"] = losses.unlike(every, taught, of)
        if self.remembers:
            logits = self.memory(features)
            parts["own"] = losses.classified(logits, rows, smoothing=0.0)
            if self.teacher:
                parts["neighbours"] = losses.named(logits, self.teacher.neighbours(rows))
        loss = sum((self.weights[name] * part for name, part in parts.items()),
                   start=torch.zeros((), device=self.device))  # fmt: skip
        self.optimiser.zero_grad()
        self.muon.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        self.muon.step()
        self._follow()
        if self.remembers:
            self.memory.follow(features.detach(), rows)
        return {name: part.detach() for name, part in parts.items()}

    @torch.no_grad()
    def _follow(self) -> None:
        """Move the average towards the network; early on it follows faster."""
        keep = min(self.given.average, (1 + self.step) / (10 + self.step))
        pairs = zip(self.average.state_dict().values(), self.network.state_dict().values(),
                    strict=True)  # fmt: skip
        for mean, value in pairs:
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1 - keep)
            else:
                mean.copy_(value)

    def _teacher(self) -> mobilenet.Teacher | None:
        """Give the teacher, unless no loss asks for it."""
        if not any(self.weights[name] for name in ("teacher", "cells", "alike", "neighbours")):
            return None
        files = sorted((self.given.data / "teacher").glob("mobilenet*.npz"))
        if not files:
            raise FileNotFoundError("the teacher's losses need teacher/mobilenet*.npz in --data")
        network = mobilenet.MobileNet(files[0], self.given.teacher_size).to(self.device)
        with self.autocast():
            rows = np.arange(len(self.photographs))
            found = encode.pictures(network, self.pictures, rows, network.side)
        return mobilenet.Teacher(network, found, _TEACHER_SIZE)

    def _sample(self, count: int) -> Tensor:
        """Give the first views of a training."""
        step, parts = 0, []
        while sum(map(len, parts)) < count:
            parts.append(self.views(self.batches[step], step))
            step += 1
        return torch.cat(parts)[:count]

    @torch.no_grad()
    def _features(self, rows: NDArray[np.int64]) -> Tensor:
        """Give the average's features of some photographs as they are."""
        with self.autocast():
            return encode.pictures(self.average, self.pictures, rows, self._side(0))

    def _prime(self) -> None:
        """Let the heads start from the mean features of their classes."""
        rng = np.random.default_rng(self.given.seed)
        count = min(self.given.primed, len(self.photographs))
        rows = np.sort(rng.choice(len(self.photographs), count, replace=False))
        features = self.memory.features[rows] if self.remembers else self._features(rows)
        for task, head in enumerate(self.heads):
            if task == len(data.TASKS):
                shares = (self.words[rows] > 0).float()
            else:
                codes = self.labels[rows, task]
                shares = nn.functional.one_hot(codes + 1, len(head.weight) + 1)[:, 1:].float()
            head.start(features, shares)


def loss_weight(text: str) -> tuple[str, float]:
    """Read "name=number"."""
    name, _, number = text.partition("=")
    if name not in WEIGHTS:
        raise argparse.ArgumentTypeError(f"{name} is no loss; there are {', '.join(WEIGHTS)}")
    return name, float(number)


def mixture(text: str) -> tuple[Path, float]:
    """Read "file=share"."""
    name, _, share = text.rpartition("=")
    try:
        found = Path(name), float(share)
    except ValueError:
        found = Path(), 0.0
    if not name or not 0 < found[1] < 1:
        raise argparse.ArgumentTypeError(f"{text} is not FILE=SHARE, such as old.npz=0.5")
    return found


def stage(text: str) -> data.Stage:
    """Read "side:steps"."""
    side, _, steps = text.partition(":")
    try:
        return data.Stage(int(side), int(steps))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not SIDE:STEPS, such as 96:2000") from None


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="checkpoint and results")
    parser.add_argument("--extra", type=Path, nargs="*", default=[], help="folders without labels")
    parser.add_argument("--start", type=Path, help="go on from these weights, batch norm put back")
    parser.add_argument(
        "--stages",
        type=stage,
        nargs="+",
        required=True,
        metavar="SIDE:STEPS",
        help="one after the other",
    )
    parser.add_argument("--input-size", type=int, help="as written; else the last stage's side")
    parser.add_argument("--batch", type=int, default=60, help="photographs of a step")
    parser.add_argument("--pairs", type=int, default=20, help="those of them in two views")
    parser.add_argument(
        "--mosaics", type=int, default=10, help="views made of four, for the teacher's losses"
    )
    parser.add_argument("--home", type=float, default=0.25, help="share of home photographs")
    parser.add_argument("--freeze", type=int, default=0, help="blocks that keep their weights")
    parser.add_argument("--plain", type=int, help="blocks without batch norm; else those kept")
    parser.add_argument("--mild", type=float, default=0.35, help="share of hardly altered views")
    parser.add_argument(
        "--background",
        type=float,
        default=0.5,
        help="share of the shop's altered views put before something else",
    )
    parser.add_argument("--light", type=float, default=0.35, help="how much light may change")
    parser.add_argument("--rate", type=float, default=5e-4)
    parser.add_argument("--decay", type=float, default=0.02)
    parser.add_argument("--average", type=float, default=0.995, help="decay of the weights' mean")
    parser.add_argument(
        "--mix",
        type=mixture,
        nargs="*",
        default=[],
        metavar="FILE=SHARE",
        help="older weights to mix in; the result has the rest",
    )
    parser.add_argument("--loss", type=loss_weight, nargs="*", default=[], metavar="NAME=WEIGHT")
    parser.add_argument(
        "--every", type=int, default=100, help="steps from checkpoint to checkpoint"
    )
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--teacher-size", type=int, default=224, help="side the teacher sees")
    parser.add_argument(
        "--primed",
        type=int,
        default=10000,
        help="with --start: photographs that the heads' directions start from",
    )
    parser.add_argument("--no-figures", action="store_true", help="write the weights alone")
    parser.add_argument("--check", type=Path, help="folder of photographs; writes check.npz")
    parser.add_argument("--note", default="")
    given = parser.parse_args()
    if sum(share for _, share in given.mix) >= 1:
        parser.error("--mix takes shares of less than 1 together; the result has the rest")
    return given


if __name__ == "__main__":
    main()
