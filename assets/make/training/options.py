"""The command line of train_network.py."""

from __future__ import annotations

import argparse
from pathlib import Path

from training import data, weights

WEIGHTS = {  # of the losses; 0 leaves one out
    "type": 1.0, "colour": 0.2, "style": 0.7, "gender": 0.1, "season": 0.05, "usage": 0.05,
    "category": 0.1, "garment": 1.0, "kids": 0.1, "words": 0.2, "together": 0.5, "design": 0.5,
    "own": 0.3, "views": 0.0, "teacher": 1.0, "cells": 1.0, "alike": 2.0, "neighbours": 1.0,
}  # fmt: skip


def loss_weight(text: str) -> tuple[str, float]:
    """Read "name=number"."""
    name, _, number = text.partition("=")
    if name not in WEIGHTS:
        raise argparse.ArgumentTypeError(f"{name} is no loss; there are {', '.join(WEIGHTS)}")
    return name, float(number)


def mixture(text: str) -> tuple[Path, float | None]:
    """Read "file=share", or "file" alone, whose share is to be chosen."""
    if "=" not in text:
        return Path(text), None
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


def parse(summary: str) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=summary)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="checkpoint and results")
    parser.add_argument("--seed", type=int, default=0)
    _add_network(parser)
    _add_photographs(parser)
    _add_training(parser)
    _add_teacher(parser)
    _add_result(parser)
    given = parser.parse_args()
    _check(parser, given)
    return given


def _add_network(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the network")
    group.add_argument("--network", choices=weights.NETWORKS, default="vgg16")
    group.add_argument("--start", type=Path, help="go on from these weights, batch norm put back")
    group.add_argument(
        "--balance",
        action="store_true",
        help="first scale VGG16's inner channels to a spread of 1; writes start.npz, to mix in",
    )
    group.add_argument("--freeze", type=int, default=0, help="blocks that keep their weights")
    group.add_argument("--plain", type=int, help="blocks without batch norm; else those kept")
    group.add_argument(
        "--keep", type=int, default=0, metavar="VIEWS",
        help="let the frozen blocks see so many views of each photograph once, and train on that",
    )  # fmt: skip


def _add_photographs(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the photographs")
    group.add_argument("--extra", type=Path, nargs="*", default=[], help="folders without labels")
    group.add_argument("--photographs", type=int, help="train on so many of them; else on all")
    group.add_argument("--home", type=float, default=0.25, help="share of home photographs")
    group.add_argument("--mild", type=float, default=0.35, help="share of hardly altered views")
    group.add_argument(
        "--background", type=float, default=0.5,
        help="share of the shop's altered views put before something else",
    )  # fmt: skip
    group.add_argument("--light", type=float, default=0.35, help="how much light may change")


def _add_training(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the training")
    group.add_argument(
        "--stages", type=stage, nargs="+", required=True, metavar="SIDE:STEPS",
        help="one after the other",
    )  # fmt: skip
    group.add_argument("--batch", type=int, default=60, help="photographs of a step")
    group.add_argument("--pairs", type=int, default=20, help="those of them in two views")
    group.add_argument(
        "--mosaics", type=int, default=10, help="views made of four, for the teacher's losses"
    )
    group.add_argument("--rate", type=float, default=5e-4)
    group.add_argument("--decay", type=float, default=0.02)
    group.add_argument("--average", type=float, default=0.995, help="decay of the weights' mean")
    group.add_argument("--loss", type=loss_weight, nargs="*", default=[], metavar="NAME=WEIGHT")
    group.add_argument(
        "--primed", type=int, default=10000,
        help="with --start: photographs that the heads' directions start from",
    )  # fmt: skip
    group.add_argument("--every", type=int, default=100, help="steps from checkpoint to checkpoint")
    group.add_argument("--threads", type=int, default=0)
    group.add_argument("--float32", action="store_true")


def _add_teacher(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the teacher")
    group.add_argument(
        "--teachers", type=Path, nargs="*", default=[], metavar="FILE",
        help="its members; else all of teacher/ in --data",
    )  # fmt: skip
    group.add_argument(
        "--shares", type=float, nargs="*", default=[],
        help="the members'; else chosen on held-out photographs",
    )  # fmt: skip
    group.add_argument("--teacher-size", type=int, default=224, help="side the teacher sees")


def _add_result(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("the result")
    group.add_argument("--input-size", type=int, help="as written; else the last stage's side")
    group.add_argument(
        "--mix", type=mixture, nargs="*", default=[], metavar="FILE[=SHARE]",
        help="older weights to mix in; the result has the rest. Without shares they are chosen on "
        "held-out photographs, as much as may be of the last, which is to be the start",
    )  # fmt: skip
    group.add_argument("--parts", type=int, default=5, help="shares are tried in such fractions")
    group.add_argument("--no-figures", action="store_true", help="write the weights alone")
    group.add_argument("--check", type=Path, help="folder of photographs; writes check.npz")
    group.add_argument("--note", default="")


def _check(parser: argparse.ArgumentParser, given: argparse.Namespace) -> None:
    """Refuse what doesn't go together."""
    shares = [share for _, share in given.mix]
    if None in shares and any(shares):
        parser.error("--mix takes a share for each file, or for none")
    if None not in shares and sum(shares) >= 1:
        parser.error("--mix takes shares of less than 1 together; the result has the rest")
    if given.shares and len(given.shares) != len(given.teachers):
        parser.error("--shares takes one for each file of --teachers")
    if given.start and not given.start.is_file():
        parser.error(f"there is no file {given.start}")
    if given.start and weights.kind(given.start) != given.network:
        parser.error(f"--start {given.start.name} is no {given.network}")
    if given.balance and (not given.start or given.network != "vgg16"):
        parser.error("--balance goes with --start and the network vgg16")
    if given.keep and (given.keep < 2 or not given.freeze or not given.start):
        parser.error("--keep takes two views or more, and goes with --freeze and --start")
    if given.keep and len({each.side for each in given.stages}) > 1:
        parser.error("--keep goes with stages of one size")
