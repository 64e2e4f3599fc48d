"""Means of networks' weights, and which shares are best."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.convnet import ConvNet, moments


def compositions(members: int, parts: int) -> Iterator[tuple[float, ...]]:
    """Give all shares of so many parts that add up to 1; no first, then more and more of it."""
    if members == 1:
        yield (1.0,)
        return
    for first in range(parts + 1):
        for rest in _whole(members - 1, parts - first):
            yield tuple(count / parts for count in (first, *rest))


def _whole(members: int, parts: int) -> Iterator[tuple[int, ...]]:
    if members == 1:
        yield (parts,)
        return
    for first in range(parts + 1):
        for rest in _whole(members - 1, parts - first):
            yield (first, *rest)


@dataclass(frozen=True, slots=True)
class Tried:
    """A mixture's shares, how much it finds, and the standard error of that."""

    shares: tuple[float, ...]
    score: float
    error: float


def chosen(tried: Sequence[Tried]) -> tuple[float, ...]:
    """Give the shares with most of the last network whose score may as well be the best one's.

    The last is the start: held-out photographs are like those trained on, and can't say what is
    lost on all others by leaving it. So of all mixtures within one standard error of the best
    (Breiman et al., "Classification and regression trees", 1984) the one nearest to it.
    """
    best = max(tried, key=lambda each: each.score)
    good = [each for each in tried if each.score >= best.score - best.error]
    return max(good, key=lambda each: (each.shares[-1], each.score)).shares


class Mixer:
    """Mixes plain networks, repaired on photographs (n, 3, side, side)."""

    def __init__(self, networks: Sequence[ConvNet], pixels: Tensor) -> None:
        self._networks, self._pixels = networks, pixels
        self._moments = [network.moments(pixels) for network in networks]

    def __call__(self, shares: Sequence[float]) -> ConvNet:
        """Give the mixture of so much of each."""
        taken = [n for n, share in enumerate(shares) if share]
        some, their = [self._networks[n] for n in taken], [shares[n] for n in taken]
        if len(taken) == 1:
            return some[0]
        wanted = [self._moments[n] for n in taken]
        return repaired(mixed(some, their), wanted, their, self._pixels)


@torch.no_grad()
def mixed(networks: Sequence[ConvNet], shares: Sequence[float]) -> ConvNet:
    """Give the plain network whose weights are so much of each plain one's; shares add up to 1.

    Of networks that came one from the other in training it keeps something of each, also of the
    start: Wortsman et al., "Model soups" and "Robust fine-tuning of zero-shot models", 2022.
    """
    found = copy.deepcopy(networks[0]).eval()
    each = zip(*(network.parameters() for network in networks), strict=True)
    for value, weights in zip(found.parameters(), each, strict=True):
        value.copy_(_weighted([weight.detach() for weight in weights], shares))
    return found


@torch.no_grad()
def repaired(
    mixture: ConvNet,
    their_moments: Sequence[Sequence[Tensor]],
    shares: Sequence[float],
    pixels: Tensor,
) -> ConvNet:
    """Give the mixture with the networks' moments on photographs mixed likewise.

    Means of weights that differ give weaker channels than any of the networks has: Jordan et al.,
    "REPAIR", 2023.
    """
    wanted = zip(*their_moments, strict=True)
    found = copy.deepcopy(mixture)

    def correct(layer: nn.Module, _: tuple[Tensor, ...], values: Tensor) -> Tensor:
        spread, mean = moments(values)
        wanted_spread, wanted_mean = _weighted(next(wanted), shares)
        gain = wanted_spread / spread
        shift = wanted_mean - mean * gain
        layer.weight.mul_(gain[:, None, None, None])
        layer.bias.mul_(gain).add_(shift)
        return values * gain[:, None, None] + shift[:, None, None]

    found.followed(pixels, correct)
    return found


def _weighted(values: Sequence[Tensor], shares: Sequence[float]) -> Tensor:
    parts = [share * value for share, value in zip(shares, values, strict=True)]
    return torch.stack(parts).sum(dim=0)
