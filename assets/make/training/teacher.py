"""What the features are taught beside the labels: what networks trained on ImageNet find alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, interpolate, normalize

from training import figures, mixture, weights

_GRID = 7  # cells of a side that the members' are pooled to
_TEMPERATURE = 0.05  # of neighbours: a photograph itself has 1, like ones 0.8
_PARTS = 4  # shares are tried in quarters


class Member(nn.Module):
    """One network of a teacher, shown all views at one size; it is only ever looked at."""

    def __init__(self, path: Path, side: int) -> None:
        super().__init__()
        self.path, self.side = path, side
        self.network = weights.read_any(path).requires_grad_(False)
        self.size = self.network.size

    @torch.no_grad()
    def cells(self, views: Tensor) -> Tensor:
        """Give the last cells (n, size, h, w) of views (n, 3, side, side) from 0 to 255."""
        size = (self.side, self.side)
        if views.shape[2:] != size:
            views = interpolate(views, size, mode="bilinear", align_corners=False)
        return self.network.cells(views)

    def forward(self, views: Tensor) -> Tensor:
        """Give the features (n, size)."""
        return self.cells(views).mean(dim=(2, 3))


class Standard(nn.Module):
    """A member's features less their mean over the photographs, over their root mean square.

    So members of any size and scale can be put beside each other.
    """

    def __init__(self, known: Tensor) -> None:
        super().__init__()
        self.register_buffer("mean", known.mean(dim=0))
        centred = known - self.mean
        self.register_buffer("scale", centred.square().sum(dim=1).mean().sqrt())

    def forward(self, values: Tensor) -> Tensor:
        """Give features (n, size) or cells (n, size, h, w) in the standard's terms."""
        mean = self.mean if values.ndim == 2 else self.mean[:, None, None]
        return (values - mean) / self.scale


class Teacher(nn.Module):
    """Members beside each other, each with a share, as the principal components of all.

    Each member's standard features are times the root of its share, so that cosines add up with
    the shares. `known` are the members' features (n, size) of the photographs to train on; the
    first `size` components of them are kept.
    """

    def __init__(
        self, members: Sequence[Member], known: Sequence[Tensor], shares: Sequence[float], size: int
    ) -> None:
        super().__init__()
        taken = [n for n, share in enumerate(shares) if share]
        self.members = nn.ModuleList(members[n] for n in taken)
        self.standards = nn.ModuleList(Standard(known[n]) for n in taken)
        self.roots = [shares[n] ** 0.5 for n in taken]
        beside = self._beside([known[n] for n in taken])
        self.size = min(size, beside.shape[1])
        directions = torch.linalg.eigh(beside.T @ beside).eigenvectors[:, -self.size :]
        self.register_buffer("directions", directions)
        self.register_buffer("known", normalize(beside @ directions))

    @torch.no_grad()
    def cells(self, views: Tensor) -> Tensor:
        """Give the components (n, size, h, w) of each cell of views (n, 3, side, side)."""
        each = [adaptive_avg_pool2d(member.cells(views), _GRID) for member in self.members]
        return torch.einsum("nchw,cs->nshw", self._beside(each), self.directions)

    @torch.no_grad()
    def neighbours(self, rows: Tensor) -> Tensor:
        """Give how much each photograph is like those of `rows`, (n, photographs); shares of 1."""
        return torch.softmax(self.known[rows] @ self.known.T / _TEMPERATURE, dim=1)

    def _beside(self, values: Sequence[Tensor]) -> Tensor:
        parts = zip(self.standards, values, self.roots, strict=True)
        return torch.cat([standard(each) * root for standard, each, root in parts], dim=1)


@torch.no_grad()
def chosen_shares(
    members: Sequence[Member], known: Sequence[Tensor], held_out: figures.HeldOut
) -> tuple[float, ...]:
    """Choose the members' shares by what is found among held-out photographs."""
    if len(members) == 1:
        return (1.0,)
    standards = [Standard(each) for each in known]
    shown = [
        standard(held_out.features(member))
        for standard, member in zip(standards, members, strict=True)
    ]
    best = (0.0, (1.0,))
    for shares in mixture.compositions(len(members), _PARTS):
        parts = [each * share**0.5 for each, share in zip(shown, shares, strict=True)]
        score = figures.score(held_out.judged(torch.cat(parts, dim=1)))
        print(f"teacher of {shares}: {score:.4f}", flush=True)
        best = max(best, (score, shares))
    return best[1]
