"""A training: the network, its running average, heads, optimisers, and how far it is."""

from __future__ import annotations

import argparse
import copy
import math
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training import alter, data, encode, kept, losses, muon, teacher, vgg, weights
from training.convnet import ConvNet
from training.figures import HeldOut
from training.options import WEIGHTS
from training.pictures import Pictures
from training.seen import KeptViews, Sight, Views

TEMPERATURE = 0.1
_TOGETHER = ("type", "style", "garment")  # tasks whose labels pull features together, if asked for
_TAUGHT = ("teacher", "cells", "alike", "neighbours")
# in a checkpoint
_KEPT = ("network", "average", "heads", "memory", "projection", "teacher", "optimiser", "muon")
_WARMUP = 0.04  # share of the training
_TEACHER_SIZE = 512  # numbers of the teacher's features that are kept, by principal components
_SAMPLE = 192  # views that normalisation is put back by, and mixtures are repaired by


class Trainer:
    """Trains a network on photographs, as the options say.

    `held_out` photographs choose the teacher's shares where the options don't name them.
    """

    def __init__(
        self,
        given: argparse.Namespace,
        photographs: list[data.Photograph],
        held_out: Sequence[data.Photograph] = (),
    ) -> None:
        self.given = given
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.weights = {**WEIGHTS, **dict(given.loss)}
        if given.keep:
            self.weights["cells"] = 0.0  # the teacher has seen whole photographs
        self.photographs, self.held_out = photographs, held_out
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
        self.views = Views(
            self.pictures, self._side, self.strength, mosaics=given.mosaics, seed=given.seed,
            autocast=self.autocast,
        )  # fmt: skip
        self.network = self._network().to(self.device, memory_format=torch.channels_last)
        self.network.freeze(given.freeze)
        self.sight: Sight = self._kept_views() if given.keep else self.views
        self.average = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.teacher = self._teacher()
        self._begin()

    def _begin(self) -> None:
        """Make what is trained beside the network, and the optimisers."""
        given, size = self.given, self.network.size
        shown = self.teacher.size if self.teacher else 1
        self.projection = nn.Linear(size, shown).to(self.device)
        sizes = [*(len(self.classes.names[task]) for task in data.TASKS), len(self.classes.words)]
        self.heads = nn.ModuleList(losses.CosineHead(size, n) for n in sizes).to(self.device)
        remembered = len(self.photographs) if self.remembers else 0
        self.memory = losses.Memory(remembered, size).to(self.device)
        trained = [p for p in self.network.parameters() if p.requires_grad]
        groups = [
            {"params": [p for p in trained if not muon.takes(p)], "lr": given.rate},
            {"params": [*self.heads.parameters(), *self.projection.parameters()],
             "lr": given.rate * 2},
        ]  # fmt: skip
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.0)
        kernels = (p for p in trained if muon.takes(p))
        self.muon = muon.Muon(kernels, lr=given.rate, weight_decay=given.decay)
        self.rates = [group["lr"] for group in self.groups]
        self.steps = sum(stage.steps for stage in given.stages)
        self.step, self.seconds = 0, 0.0

    @property
    def remembers(self) -> bool:
        """Whether a loss asks for the features of all photographs."""
        return bool(self.weights["own"] or self.weights["neighbours"])

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

    def trained(self) -> ConvNet:
        """Give what was trained: the average, folded."""
        return self.average.folded()

    def sample(self) -> Tensor:
        """Give the first views of a training, all as large as those of its first stage."""
        step, parts = 0, []
        while sum(map(len, parts)) < _SAMPLE:
            parts.append(self.views.pixels(self.batches[step], step, self._side(0)))
            step += 1
        return torch.cat(parts)[:_SAMPLE]

    def _kept(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _KEPT if getattr(self, name) is not None}

    def _side(self, step: int) -> int:
        ends = np.cumsum([stage.steps for stage in self.given.stages])
        stage = int(np.searchsorted(ends, step, side="right"))
        return int(self.given.stages[min(stage, len(ends) - 1)].side)

    def _network(self) -> ConvNet:
        """Give the network to train: a start with normalisation put back, or random weights."""
        given = self.given
        plain = int(given.freeze if given.plain is None else given.plain)
        if not given.start:
            return weights.NETWORKS[given.network](normalised=True, plain=plain)
        start, sample = weights.read(given.start).to(self.device), self.sample()
        if given.balance:
            start = vgg.balanced(start, sample)
            # Only what has the same scales can be mixed with what is trained from it.
            weights.write(start, given.work / "start.npz", weights.meta(given.start))
        return start.unfolded(sample, plain)

    def _kept_views(self) -> KeptViews:
        """Give the cells of the frozen blocks; made first where they aren't there."""
        given, path = self.given, self.given.work / "cells.npy"
        if not path.is_file():
            with self.autocast():
                kept.make(
                    path, self.network, given.freeze, self.pictures, self.batches,
                    views=given.keep, side=self._side(0), strength=self.strength, seed=given.seed,
                )  # fmt: skip
        return KeptViews(kept.Kept(path, given.freeze), seed=given.seed, device=self.device)

    def _take(self, batch: data.Batch) -> dict[str, Tensor]:
        """Take one step; give each loss."""
        seen = self.sight.seen(batch, self.step, self.teacher)
        with self.autocast():
            cells = self.network.after(seen.inputs, self.sight.blocks)
        parts = self._labelled(cells, batch)
        parts |= self._taught(cells, batch, seen.shown)
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
            rows = torch.from_numpy(batch.rows).to(self.device)
            self.memory.follow(cells.detach().mean(dim=(2, 3))[: len(rows)], rows)
        return {name: part.detach() for name, part in parts.items()}

    def _labelled(self, cells: Tensor, batch: data.Batch) -> dict[str, Tensor]:
        """Give the losses of the labels and of the views of one photograph."""
        rows = torch.from_numpy(batch.rows).to(self.device)
        labels, features = self.labels[rows], cells.mean(dim=(2, 3))[: len(rows)]
        parts: dict[str, Tensor] = {}
        for task, (name, head) in enumerate(zip(data.TASKS, self.heads, strict=False)):
            if self.classes.names[name]:
                parts[name] = losses.classified(head(features), labels[:, task])
        pulling = [data.TASKS.index(name) for name in _TOGETHER if self.weights[name]]
        parts["together"] = losses.together(features, labels[:, pulling], TEMPERATURE)
        parts["design"] = losses.together(features, labels[:, len(data.TASKS) :], TEMPERATURE)
        parts["words"] = losses.named(self.heads[-1](features), self.words[rows])
        if batch.paired.size and self.weights["views"]:
            first, second = features[: batch.photographs], features[batch.photographs :]
            alone = torch.ones(len(first), dtype=torch.bool, device=self.device)
            alone[torch.from_numpy(batch.paired).to(self.device)] = False
            parts["views"] = losses.info_nce(first[~alone], second, first[alone], TEMPERATURE)
        if self.remembers:
            logits = self.memory(features)
            parts["own"] = losses.classified(logits, rows, smoothing=0.0)
            if self.teacher:
                parts["neighbours"] = losses.named(logits, self.teacher.neighbours(rows))
        return parts

    def _taught(self, cells: Tensor, batch: data.Batch, shown: Tensor | None) -> dict[str, Tensor]:
        """Give the losses to what the teacher makes of the same views, mosaics among them."""
        if shown is None:
            return {}
        rows = torch.from_numpy(batch.rows).to(self.device)
        every, taught = cells.mean(dim=(2, 3)), shown.mean(dim=(2, 3))
        parts = {"teacher": losses.apart(self.projection(every), taught)}
        if self.weights["cells"]:
            projected = self.projection(cells.movedim(1, 3)).movedim(3, 1)
            parts["cells"] = losses.apart(projected, losses.as_large(shown, projected))
        of = torch.cat([rows, -1 - torch.arange(len(every) - len(rows), device=self.device)])
        parts["alike"] = losses.unlike(every, taught, of)
        return parts

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

    def _teacher(self) -> teacher.Teacher | None:
        """Give the teacher, unless no loss asks for it."""
        given = self.given
        if not any(self.weights[name] for name in _TAUGHT):
            return None
        files = given.teachers or sorted((given.data / "teacher").glob("*.npz"))
        if not files:
            raise FileNotFoundError("the teacher's losses need teacher/*.npz in --data")
        members = [teacher.Member(file, given.teacher_size).to(self.device) for file in files]
        known = [self._known(member) for member in members]
        shares = given.shares
        if not shares:
            shown = HeldOut(self.held_out, given.teacher_size, self.device)
            shares = teacher.chosen_shares(members, known, shown)
            print(f"the teacher's shares: {shares}", flush=True)
        return teacher.Teacher(members, known, shares, _TEACHER_SIZE).to(self.device)

    def _known(self, member: teacher.Member) -> Tensor:
        """Give what a member makes of the photographs; computed once for a work folder."""
        path = Path(self.given.work) / f"known-{member.path.stem}.npy"
        if not path.is_file():
            rows = np.arange(len(self.photographs))
            if self.given.keep and member.path == self.given.start:  # most of it is made already
                found = self.sight.features(member.network, rows)
            else:
                with self.autocast():
                    found = encode.pictures(member, self.pictures, rows, member.side)
            np.save(path, found.cpu().numpy())
        return torch.from_numpy(np.load(path)).to(self.device)

    @torch.no_grad()
    def _features(self, rows: NDArray[np.int64]) -> Tensor:
        """Give the average's features of some photographs as they are."""
        return self.sight.features(self.average, rows)

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
