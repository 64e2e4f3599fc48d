"""Train the bundled VGG16 on fashion photographs; see README.md beside this file.

    python assets/make/train_network.py --data DIR --work DIR --start assets/networks/vgg16-fashion.npz
    python assets/make/train_network.py --data DIR --work DIR --minutes 120 --input-size 128

Needs PyTorch (a development dependency). Stop it at any moment and start it again with the same
options: it goes on from the last checkpoint in --work. Writes network.npz and figures.json there.
"""  # noqa: E501

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
from torch import Tensor, nn

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from training import alter, data, figures, losses, mobilenet, vgg  # noqa: E402

WEIGHTS = {  # of the losses; 0 leaves one out
    "type": 0.3, "colour": 0.2, "gender": 0.05, "garment": 0.3,
    "views": 1.0, "same": 4.0, "strong": 1.0, "teacher": 0.0,
}  # fmt: skip
TEMPERATURE = 0.05
_KEPT = ("network", "average", "heads", "projection", "optimiser")  # in a checkpoint
_WARMUP = 0.05  # share of the training


def main() -> None:
    """Train as the command line asks, then evaluate and write."""
    given = arguments()
    given.work.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(given.seed)
    if given.threads:
        torch.set_num_threads(given.threads)
    photographs = data.read(given.data, given.extra)
    training, held_out = data.split(photographs)
    print(f"{len(training)} photographs to train on, {len(held_out)} held out", flush=True)
    trainer = Trainer(given, training)
    trainer.resume()
    trainer.run()
    trainer.write(given.work / "network.npz")
    if given.no_figures:
        return
    found = {"after": figures.measure(trainer.average, held_out, given.input_size, trainer.device)}
    if given.start:
        start = vgg.read(given.start).to(trainer.device)
        side = figures.input_size(given.start) or given.input_size
        found["before"] = figures.measure(start, held_out, side, trainer.device)
    (given.work / "figures.json").write_text(json.dumps(found, indent=2))
    print(figures.table(found))


class Trainer:
    """A training's state: the network, its running average, heads, optimiser, and how far it is."""

    def __init__(self, given: argparse.Namespace, photographs: list[data.Photograph]) -> None:
        self.given = given
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.weights = {**WEIGHTS, **dict(given.loss)}
        self.classes = data.Classes(photographs)
        self.photographs = photographs
        self.batches = data.Batches(
            photographs, self.classes, size=given.batch, side=given.input_size, home=given.home,
            strength=alter.Strength(), seed=given.seed,
        )  # fmt: skip
        self.start = vgg.read(given.start).to(self.device).eval() if given.start else None
        network = vgg.read(given.start) if given.start else vgg.Vgg16(normalised=True)
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.network.freeze(given.freeze)
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.teacher = self._teacher()
        width = self.teacher.size if self.teacher else 1
        self.projection = nn.Linear(vgg.FEATURE_SIZE, width, bias=False).to(self.device)
        sizes = [len(names) for names in self.classes.names]
        self.heads = nn.ModuleList(losses.CosineHead(vgg.FEATURE_SIZE, max(1, n)) for n in sizes)
        self.heads.to(self.device)
        groups = [
            {"params": [p for p in self.network.parameters() if p.requires_grad], "lr": given.rate},
            {"params": [*self.heads.parameters(), *self.projection.parameters()],
             "lr": given.rate * 10},
        ]  # fmt: skip
        self.optimiser = torch.optim.AdamW(groups, weight_decay=given.decay)
        self.rates = [group["lr"] for group in groups]
        self.queue = torch.empty(0, vgg.FEATURE_SIZE, device=self.device)
        self.step, self.seconds = 0, 0.0

    @property
    def checkpoint(self) -> Path:
        """Where the state is kept."""
        return Path(self.given.work) / "checkpoint.pt"

    def autocast(self) -> AbstractContextManager[Any]:
        """Compute in bfloat16, unless told not to."""
        if self.given.float32:
            return nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)

    def resume(self) -> None:
        """Go on from the checkpoint, or prime the heads where there is none."""
        if not self.checkpoint.is_file():
            if self.start is not None:
                self._prime()
            return
        state = torch.load(self.checkpoint, map_location=self.device, weights_only=True)
        for name in _KEPT:
            getattr(self, name).load_state_dict(state[name])
        self.queue, self.step, self.seconds = state["queue"], state["step"], state["seconds"]
        print(f"goes on at step {self.step}, {self.seconds / 60:.1f} minutes in", flush=True)

    def save(self) -> None:
        """Keep the state, at once or not at all."""
        state = {name: getattr(self, name).state_dict() for name in _KEPT}
        state |= {"queue": self.queue, "step": self.step, "seconds": self.seconds}
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def progress(self) -> float:
        """Tell how far the training is, from 0 to 1: by steps or by minutes, whichever is more."""
        by_time = self.seconds / (self.given.minutes * 60) if self.given.minutes else 0.0
        by_steps = self.step / self.given.steps if self.given.steps else 0.0
        return max(by_time, by_steps)

    def run(self) -> None:
        """Take steps until the budget is spent."""
        self.network.train()
        before = time.monotonic()
        for batch in self.batches(self.step):
            done = self.progress()
            if done >= 1:
                break
            for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
                warm = min(1.0, (done + 0.002) / _WARMUP)
                group["lr"] = rate * warm * (1 + math.cos(math.pi * done)) / 2
            parts = self._take(batch)
            now = time.monotonic()
            self.seconds, before, took = self.seconds + now - before, now, now - before
            self.step += 1
            if self.step % 5 == 1:
                each = " ".join(f"{name} {value:.3f}" for name, value in parts.items())
                print(f"{self.step} {done:.2f} {took:.1f}s {each}", flush=True)
            if self.step % self.given.every == 0:
                self.save()
        self.save()

    def write(self, path: Path) -> None:
        """Write the averaged weights, folded."""
        meta = {
            "name": "vgg16-fashion", "input_size": self.given.input_size,
            "resize": "letterbox-white", "preprocess": "caffe", "feature_size": vgg.FEATURE_SIZE,
            "pooling": "avg", "note": self.given.note,
        }  # fmt: skip
        vgg.write(self.average, path, meta)

    def _take(self, batch: data.Batch) -> dict[str, float]:
        """Take one step; give each loss."""
        mild, strong = (torch.from_numpy(v).to(self.device) for v in (batch.mild, batch.strong))
        labels = torch.from_numpy(batch.labels).to(self.device)
        # With a network to start from, its features of the clean photographs are what both views
        # are held to, so only some of those need a pass (and a costly way back) of their own.
        clean = round(len(mild) * self.given.clean) if self.start is not None else len(mild)
        with self.autocast():
            features = self.network(torch.cat([mild[:clean], strong]).float())
            with torch.no_grad():
                target = self.start(mild.float()) if self.start is not None else None
                shown = self.teacher(mild.float()) if self.teacher is not None else None
        first, second = features[:clean], features[clean:]
        keys = first if target is None else target
        parts: dict[str, Tensor] = {}
        for task, head in enumerate(self.heads):
            both = torch.cat([labels[:clean, task], labels[:, task]])
            parts[data.TASKS[task]] = head(features, both)
        parts["views"] = losses.info_nce(keys, second, self.queue, TEMPERATURE)
        if target is not None:
            parts["same"] = losses.apart(first, target[:clean])
            parts["strong"] = losses.apart(second, target)
        if shown is not None:
            projected = self.projection(second)
            parts["teacher"] = losses.apart(projected, shown) + losses.unlike(second, shown)
        loss = sum((self.weights[name] * part for name, part in parts.items()),
                   start=torch.zeros((), device=self.device))  # fmt: skip
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 5.0)
        self.optimiser.step()
        fresh = nn.functional.normalize(keys.detach())
        self.queue = torch.cat([fresh, self.queue])[: self.given.queue]
        self._follow()
        return {name: float(part.detach()) for name, part in parts.items()}

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

    def _teacher(self) -> mobilenet.MobileNet | None:
        if not self.weights["teacher"]:
            return None
        found = sorted((self.given.data / "teacher").glob("mobilenet*.npz"))
        if not found:
            raise FileNotFoundError("the loss “teacher” needs teacher/mobilenet*.npz in --data")
        return mobilenet.MobileNet(found[0], self.given.teacher_size).to(self.device)

    def _prime(self) -> None:
        rng = np.random.default_rng(self.given.seed)
        labelled = [p for p in self.photographs if any(p.labels)]
        count = min(self.given.primed, len(labelled))
        chosen = [labelled[n] for n in rng.choice(len(labelled), count, replace=False)]
        with self.autocast():
            features = torch.from_numpy(
                figures.embed(self.network, data.clean(chosen, self.given.input_size), self.device)
            ).to(self.device)
        labels = torch.tensor([self.classes.codes(p) for p in chosen], device=self.device)
        for task, head in enumerate(self.heads):
            known = labels[:, task] >= 0
            if known.any():
                head.start(features[known], labels[known, task])


def loss_weight(text: str) -> tuple[str, float]:
    """Read "name=number"."""
    name, _, number = text.partition("=")
    if name not in WEIGHTS:
        raise argparse.ArgumentTypeError(f"{name} is no loss; there are {', '.join(WEIGHTS)}")
    return name, float(number)


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="checkpoint and results")
    parser.add_argument("--extra", type=Path, nargs="*", default=[], help="folders without labels")
    parser.add_argument("--start", type=Path, help="go on from these weights, without batch norm")
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--steps", type=int, default=0)
    parser.add_argument("--input-size", type=int, default=96)
    parser.add_argument("--batch", type=int, default=64, help="photographs, two views each")
    parser.add_argument("--home", type=float, default=0.3, help="share of home photographs")
    parser.add_argument(
        "--clean",
        type=float,
        default=0.3,
        help="with --start: share of the clean views that are learnt from",
    )
    parser.add_argument("--freeze", type=int, default=0, help="blocks that keep their weights")
    parser.add_argument("--rate", type=float, default=3e-5)
    parser.add_argument("--decay", type=float, default=1e-4)
    parser.add_argument("--average", type=float, default=0.99, help="decay of the weights' mean")
    parser.add_argument("--queue", type=int, default=512, help="earlier features told apart from")
    parser.add_argument("--loss", type=loss_weight, nargs="*", default=[], metavar="NAME=WEIGHT")
    parser.add_argument("--every", type=int, default=50, help="steps from checkpoint to checkpoint")
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--float32", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--teacher-size", type=int, default=224, help="side the teacher sees")
    parser.add_argument(
        "--primed",
        type=int,
        default=3000,
        help="with --start: photographs that the heads' directions start from",
    )
    parser.add_argument("--no-figures", action="store_true", help="write the weights alone")
    parser.add_argument("--note", default="")
    given = parser.parse_args()
    if not given.minutes and not given.steps:
        parser.error("give --minutes or --steps")
    return given


if __name__ == "__main__":
    main()
