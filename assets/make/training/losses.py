"""What the features are asked for; each loss is a scalar that is the smaller the better."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d, cross_entropy, log_softmax, normalize


class CosineHead(nn.Module):
    """Classes as directions: the softmax over scaled cosines, so that cosine search profits.

    There is no bias and the scale is low: both would let a feature be told from other classes
    while it stays far from its own, which a linear classifier forgives and a search doesn't.
    Wang et al., "NormFace: L2 hypersphere embedding for face verification", 2017.
    """

    def __init__(self, size: int, classes: int, scale: float = 16.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, size) / size**0.5)
        self.scale = scale

    @torch.no_grad()
    def start(self, features: Tensor, shares: Tensor) -> None:
        """Set each class's direction to its mean feature less the mean of all.

        A trained network would be pulled about by random directions until they have settled.
        Features (n, size), shares (n, classes).
        """
        unit = normalize(features)
        count = shares.sum(dim=0)
        seen = count > 0
        means = shares.T[seen] @ unit / count[seen, None]
        self.weight[seen] = normalize(means - unit.mean(dim=0))

    def forward(self, features: Tensor) -> Tensor:
        """Give logits (n, classes)."""
        return self.scale * normalize(features) @ normalize(self.weight).T


class Memory(nn.Module):
    """The last features of all photographs, from which a view's own is to be told.

    So a view meets every neighbour that its photograph has, where a batch holds a few. What is
    remembered goes half way to each new view, so that it stands for all of them.
    Wu et al., "Unsupervised feature learning via non-parametric instance discrimination", 2018.
    """

    def __init__(self, photographs: int, size: int, temperature: float = 0.05) -> None:
        super().__init__()
        self.register_buffer("features", torch.zeros(photographs, size))
        self.temperature = temperature

    @torch.no_grad()
    def follow(self, features: Tensor, rows: Tensor) -> None:
        """Take in what the photographs' features are now."""
        self.features.index_add_(0, rows, normalize(features))  # a row may come twice
        self.features[rows] = normalize(self.features[rows])

    def forward(self, features: Tensor) -> Tensor:
        """Give logits (n, photographs): of which one the views (n, size) are."""
        return normalize(features) @ self.features.T / self.temperature


def classified(logits: Tensor, labels: Tensor, smoothing: float = 0.05) -> Tensor:
    """Cross entropy over the rows that have a label (not -1), as a mean over all rows."""
    wrong = cross_entropy(
        logits, labels, ignore_index=-1, reduction="sum", label_smoothing=smoothing
    )
    return wrong / len(labels)


def named(logits: Tensor, shares: Tensor) -> Tensor:
    """Cross entropy to the shares of several classes; rows of zeros ask for nothing.

    Words: Joulin et al., "Learning visual features from large weakly supervised data", 2016.
    A teacher's neighbours: Fang et al., "SEED: Self-supervised distillation", 2021.
    """
    return -(shares * log_softmax(logits, dim=1)).sum(dim=1).mean()


def together(features: Tensor, labels: Tensor, temperature: float) -> Tensor:
    """Pull rows of one label (not -1) together, against all other rows of the batch.

    `labels` (n, tasks); the loss is the sum over the tasks. Khosla et al., "Supervised contrastive
    learning", 2020 (the loss with the sum outside).
    """
    unit = normalize(features)
    own = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    shares = log_softmax((unit @ unit.T / temperature).masked_fill(own, -1e4), dim=1)
    loss = shares.new_zeros(())
    for column in labels.T:
        same = (column[:, None] == column[None, :]) & (column >= 0)[:, None] & ~own
        count = same.sum(dim=1)
        loss = loss - ((shares * same).sum(dim=1) / count.clamp_min(1)).sum() / len(unit)
    return loss


def info_nce(first: Tensor, second: Tensor, others: Tensor, temperature: float) -> Tensor:
    """Pull the two views of a photograph together, against the rest of the batch and `others`.

    van den Oord et al., "Representation learning with contrastive predictive coding", 2018.
    """
    first, second, others = normalize(first), normalize(second), normalize(others)
    own = torch.arange(len(first), device=first.device)
    there = second @ torch.cat([first, others]).T / temperature
    back = first @ second.T / temperature
    return (cross_entropy(there, own) + cross_entropy(back, own)) / 2


def apart(features: Tensor, target: Tensor) -> Tensor:
    """1 - cosine of each row (n, size) or cell (n, size, h, w) to its target."""
    return 1 - (normalize(features) * normalize(target)).sum(dim=1).mean()


def as_large(target: Tensor, cells: Tensor) -> Tensor:
    """Give the target's cells (n, size, h, w) as means over as many as there are in `cells`."""
    return adaptive_avg_pool2d(target, cells.shape[2:])


def unlike(features: Tensor, target: Tensor, rows: Tensor) -> Tensor:
    """1 - correlation of the two batches' similarity matrices.

    Pairs of one photograph (of equal `rows`) are left out: to the target they are the same.
    """
    other = (rows[:, None] != rows[None, :]).float()
    pair = []
    for each in (features, target):
        unit = normalize(each)
        values = unit @ unit.T
        values = (values - (values * other).sum() / other.sum()) * other
        pair.append(normalize(values.flatten(), dim=0))
    return 1 - (pair[0] * pair[1]).sum()
