"""What the features are asked for; each loss is a scalar that is the smaller the better."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, normalize


class CosineHead(nn.Module):
    """Classes as directions: the softmax over scaled cosines, so that cosine search profits."""

    def __init__(self, size: int, classes: int, scale: float = 20.0) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(classes, size) / size**0.5)
        self.register_buffer("centre", torch.zeros(size))
        self.scale = scale

    @torch.no_grad()
    def start(self, features: Tensor, labels: Tensor) -> None:
        """Set each class's direction to its mean feature less the mean of all.

        A trained network would be pulled about by random directions until they have settled.
        """
        unit = normalize(features)
        self.centre.copy_(unit.mean(dim=0))
        for label in range(len(self.weight)):
            rows = unit[labels == label]
            if len(rows):
                self.weight[label] = normalize(rows.mean(dim=0) - self.centre, dim=0)

    def forward(self, features: Tensor, labels: Tensor) -> Tensor:
        """Cross entropy over the rows that have a label (not -1)."""
        known = labels >= 0
        if not known.any():
            return features.sum() * 0
        unit = normalize(normalize(features[known]) - self.centre)
        return cross_entropy(self.scale * unit @ normalize(self.weight).T, labels[known])


def info_nce(first: Tensor, second: Tensor, others: Tensor, temperature: float) -> Tensor:
    """Pull the two views of a photograph together, against the rest of the batch and `others`.

    van den Oord et al., "Representation learning with contrastive predictive coding", 2018.
    """
    first, second = normalize(first), normalize(second)
    own = torch.arange(len(first), device=first.device)
    there = second @ torch.cat([first, others]).T / temperature
    back = first @ second.T / temperature
    return (cross_entropy(there, own) + cross_entropy(back, own)) / 2


def apart(features: Tensor, target: Tensor) -> Tensor:
    """1 - cosine of each row to its target."""
    return 1 - (normalize(features) * normalize(target)).sum(dim=1).mean()


def unlike(features: Tensor, target: Tensor) -> Tensor:
    """1 - correlation of the two batches' similarity matrices, the diagonals left out."""
    off = ~torch.eye(len(features), dtype=torch.bool, device=features.device)
    pair = []
    for each in (features, target):
        unit = normalize(each)
        values = (unit @ unit.T)[off]
        pair.append(normalize(values - values.mean(), dim=0))
    return 1 - (pair[0] * pair[1]).sum()
