"""VGG16's thirteen convolutions in PyTorch: with batch normalisation or plain, and as an npz."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
FEATURE_SIZE = 512
_BGR_MEAN = (103.939, 116.779, 123.68)


class Vgg16(nn.Module):
    """Photographs (n, 3, h, w) RGB from 0 to 255 to the mean of the last cells, (n, 512).

    With `normalised` each convolution is followed by batch normalisation, without which deep
    training is slow or fails; `folded` takes it out again, since the network that is shipped is a
    plain VGG16. The first `plain` blocks go without in any case.
    """

    def __init__(self, *, normalised: bool, plain: int = 0) -> None:
        super().__init__()
        self.names: list[str] = []
        self.convolutions = nn.ModuleList()
        self.norms = nn.ModuleList()
        channels = 3
        for block, widths in enumerate(BLOCKS, 1):
            for place, width in enumerate(widths, 1):
                norm = normalised and block > plain
                convolution = nn.Conv2d(channels, width, 3, padding=1, bias=not norm)
                nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
                self.convolutions.append(convolution)
                self.norms.append(nn.BatchNorm2d(width) if norm else nn.Identity())
                self.names.append(f"block{block}_conv{place}")
                channels = width
        self.register_buffer("mean", torch.tensor(_BGR_MEAN).view(1, 3, 1, 1), persistent=False)

    def forward(self, pixels: Tensor) -> Tensor:
        """Give the features (n, 512), not normalised."""
        return self.cells(pixels).mean(dim=(2, 3))

    def cells(self, pixels: Tensor) -> Tensor:
        """Give the last cells (n, 512, h / 32, w / 32), whose mean is the feature."""
        values = (pixels.flip(1) - self.mean).contiguous(memory_format=torch.channels_last)
        for name, convolution, norm in zip(self.names, self.convolutions, self.norms, strict=True):
            if name.endswith("_conv1") and _block(name) > 1:
                values = nn.functional.max_pool2d(values, 2)
            values = nn.functional.relu(norm(convolution(values)), inplace=True)
        return nn.functional.max_pool2d(values, 2).float()

    def freeze(self, blocks: int) -> None:
        """Let the first blocks keep their weights, which makes a step much cheaper."""
        for name, convolution in zip(self.names, self.convolutions, strict=True):
            if _block(name) <= blocks:
                convolution.requires_grad_(False)

    @torch.no_grad()
    def unfolded(self, pixels: Tensor, plain: int = 0) -> Vgg16:
        """Give a network with batch normalisation whose features of `pixels` are this plain one's.

        Each norm starts with the mean and deviation that its convolution has on those photographs
        and gives them back, so training goes on from where a folded network stands.
        """
        found = Vgg16(normalised=True, plain=plain).to(self.mean.device)
        for old, new, norm, (spread, mean) in zip(
            self.convolutions, found.convolutions, found.norms, self.moments(pixels), strict=True
        ):
            new.weight.copy_(old.weight)
            if isinstance(norm, nn.BatchNorm2d):
                new.weight.div_(spread[:, None, None, None])
                norm.running_mean.copy_((mean - old.bias) / spread)
                norm.running_var.fill_(1 - norm.eps)
                norm.weight.copy_(spread)
                norm.bias.copy_(mean)
            else:
                new.bias.copy_(old.bias)
        return found

    @torch.no_grad()
    def moments(self, pixels: Tensor) -> list[Tensor]:
        """Give each convolution's deviations and means on photographs, (2, channels)."""
        found: list[Tensor] = []

        def measure(_: nn.Module, __: tuple[Tensor, ...], values: Tensor) -> None:
            found.append(_moments(values))

        self.followed(pixels, measure)
        return found

    def followed(self, pixels: Tensor, hook: Callable[..., Tensor | None]) -> None:
        """Run photographs through the network with a hook after each convolution."""
        hooks = [convolution.register_forward_hook(hook) for convolution in self.convolutions]
        self(pixels)
        for each in hooks:
            each.remove()

    @torch.no_grad()
    def folded(self) -> Vgg16:
        """Give a plain network of the same features: the norms taken into the convolutions."""
        plain = Vgg16(normalised=False).to(self.mean.device)
        for old, norm, new in zip(self.convolutions, self.norms, plain.convolutions, strict=True):
            if isinstance(norm, nn.BatchNorm2d):
                scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                new.weight.copy_(old.weight * scale[:, None, None, None])
                new.bias.copy_(norm.bias - norm.running_mean * scale)
            else:
                new.weight.copy_(old.weight)
                new.bias.copy_(old.bias)
        return plain.eval()


def _moments(values: Tensor) -> Tensor:
    variance, mean = torch.var_mean(values, dim=(0, 2, 3), correction=0)
    return torch.stack([torch.sqrt(variance).clamp_min(1e-3), mean])


def _block(name: str) -> int:
    return int(name[len("block")])


def read(path: Path) -> Vgg16:
    """Read a plain network from an npz of Keras's layout ("block1_conv1/kernel", ...)."""
    network = Vgg16(normalised=False)
    with np.load(path, allow_pickle=False) as file, torch.no_grad():
        for name, convolution in zip(network.names, network.convolutions, strict=True):
            kernel = file[f"{name}/kernel"].astype(np.float32)
            convolution.weight.copy_(torch.from_numpy(kernel.transpose(3, 2, 0, 1).copy()))
            convolution.bias.copy_(torch.from_numpy(file[f"{name}/bias"].astype(np.float32)))
    return network


@torch.no_grad()
def mixed(networks: Sequence[Vgg16], shares: Sequence[float]) -> Vgg16:
    """Give the plain network whose weights are so much of each plain one's; shares add up to 1.

    Of networks that came one from the other in training it keeps something of each: Wortsman et
    al., "Model soups", 2022.
    """
    found = Vgg16(normalised=False).eval()
    each = zip(*(network.parameters() for network in networks), strict=True)
    for value, weights in zip(found.parameters(), each, strict=True):
        value.copy_(_weighted(weights, shares))
    return found


@torch.no_grad()
def repaired(
    mixture: Vgg16, networks: Sequence[Vgg16], shares: Sequence[float], pixels: Tensor
) -> Vgg16:
    """Give the mixture with the channels' means and deviations on photographs mixed likewise.

    Means of weights that differ give weaker channels than any of the networks has: Jordan et al.,
    "REPAIR", 2023.
    """
    moments = zip(*(network.moments(pixels) for network in networks), strict=True)
    found = copy.deepcopy(mixture)

    def correct(layer: nn.Module, _: tuple[Tensor, ...], values: Tensor) -> Tensor:
        spread, mean = _moments(values)
        wanted_spread, wanted_mean = _weighted(next(moments), shares)
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


def write(network: Vgg16, path: Path, meta: dict[str, Any]) -> None:
    """Write the folded network in float16, at once or not at all.

    :raises ValueError: a weight doesn't fit into float16.
    """
    arrays: dict[str, NDArray[Any]] = {}
    plain = network.folded().cpu()
    for name, convolution in zip(plain.names, plain.convolutions, strict=True):
        kernel = convolution.weight.detach().numpy().transpose(2, 3, 1, 0)
        arrays[f"{name}/kernel"] = np.ascontiguousarray(kernel.astype(np.float16))
        arrays[f"{name}/bias"] = convolution.bias.detach().numpy().astype(np.float16)
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise ValueError("weights too large for float16, or not numbers")
    arrays["__meta__"] = np.frombuffer(json.dumps(meta).encode(), np.uint8)
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        np.savez(file, **arrays)
    partial.replace(path)
