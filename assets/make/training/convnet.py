"""A chain of convolutions in PyTorch, with batch normalisation or plain."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class Layer:
    """One convolution, named as keras.applications names it."""

    name: str
    block: int  # from 1
    inputs: int
    outputs: int
    kernel: int = 3
    stride: int = 1
    padding: int = 1
    depthwise: bool = False
    pooled: bool = False  # its input is halved by max pooling first


class ConvNet(nn.Module, ABC):
    """Photographs (n, 3, h, w) RGB from 0 to 255 to the mean of the last cells, (n, size).

    With `normalised` each convolution is followed by batch normalisation, without which deep
    training is slow or fails; `folded` takes it out again. The first `plain` blocks go without in
    any case.
    """

    name: str  # of the network that is written
    preprocess: str  # the mode of Keras's preprocess_input

    def __init__(self, layers: Sequence[Layer], *, normalised: bool, plain: int = 0) -> None:
        super().__init__()
        self.layers = tuple(layers)
        self.size = self.layers[-1].outputs
        self.convolutions = nn.ModuleList()
        self.norms = nn.ModuleList()
        for layer in self.layers:
            norm = normalised and layer.block > plain
            convolution = nn.Conv2d(
                layer.inputs, layer.outputs, layer.kernel, stride=layer.stride,
                padding=layer.padding,
                groups=layer.inputs if layer.depthwise else 1, bias=not norm,
            )  # fmt: skip
            nn.init.kaiming_normal_(convolution.weight, nonlinearity="relu")
            self.convolutions.append(convolution)
            self.norms.append(nn.BatchNorm2d(layer.outputs) if norm else nn.Identity())

    @abstractmethod
    def fresh(self, *, normalised: bool, plain: int = 0) -> Self:
        """Give a network of the same layers with random weights."""

    @abstractmethod
    def prepared(self, pixels: Tensor) -> Tensor:
        """Give what the first layer takes."""

    @abstractmethod
    def entering(self, values: Tensor, layer: Layer) -> Tensor:
        """Pool what goes into a layer, or pad it where the layer can't by itself."""

    @abstractmethod
    def activated(self, values: Tensor) -> Tensor:
        """Apply the activation; it may work in place."""

    def leaving(self, values: Tensor) -> Tensor:
        """Give the last cells from what the last layer gives."""
        return values

    def forward(self, pixels: Tensor) -> Tensor:
        """Give the features (n, size), not normalised."""
        return self.cells(pixels).mean(dim=(2, 3))

    def cells(self, pixels: Tensor) -> Tensor:
        """Give the last cells (n, size, h / 32, w / 32), whose mean is the feature."""
        return self.after(self.before(pixels, 0), 0)

    def before(self, pixels: Tensor, blocks: int) -> Tensor:
        """Give what the first blocks make of photographs; of none of them, the prepared pixels."""
        values = self.prepared(pixels).contiguous(memory_format=torch.channels_last)
        return self._through(values, range(1, blocks + 1))

    def after(self, values: Tensor, blocks: int) -> Tensor:
        """Give the last cells from what the first blocks made."""
        return self.leaving(self._through(values, range(blocks + 1, self.blocks + 1))).float()

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return self.layers[-1].block

    def freeze(self, blocks: int) -> None:
        """Let the first blocks keep their weights, which makes a step much cheaper."""
        for layer, convolution in zip(self.layers, self.convolutions, strict=True):
            if layer.block <= blocks:
                convolution.requires_grad_(False)

    @torch.no_grad()
    def unfolded(self, pixels: Tensor, plain: int = 0) -> Self:
        """Give a network with batch normalisation whose features of `pixels` are this plain one's.

        Each norm starts with the mean and deviation that its convolution has on those photographs
        and gives them back, so training goes on from where a folded network stands.
        """
        found = self.fresh(normalised=True, plain=plain).to(pixels.device)
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
    def folded(self) -> Self:
        """Give a plain network of the same features: the norms taken into the convolutions."""
        plain = self.fresh(normalised=False).to(self.convolutions[0].weight.device)
        for old, norm, new in zip(self.convolutions, self.norms, plain.convolutions, strict=True):
            if isinstance(norm, nn.BatchNorm2d):
                scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
                new.weight.copy_(old.weight * scale[:, None, None, None])
                new.bias.copy_(norm.bias - norm.running_mean * scale)
            else:
                new.weight.copy_(old.weight)
                new.bias.copy_(old.bias)
        return plain.eval()

    @torch.no_grad()
    def moments(self, pixels: Tensor) -> list[Tensor]:
        """Give each convolution's deviations and means on photographs, (2, channels)."""
        found: list[Tensor] = []

        def measure(_: nn.Module, __: tuple[Tensor, ...], values: Tensor) -> None:
            found.append(moments(values))

        self.followed(pixels, measure)
        return found

    def followed(self, pixels: Tensor, hook: Callable[..., Tensor | None]) -> None:
        """Run photographs through the network with a hook after each convolution."""
        hooks = [convolution.register_forward_hook(hook) for convolution in self.convolutions]
        self(pixels)
        for each in hooks:
            each.remove()

    def _through(self, values: Tensor, blocks: range) -> Tensor:
        for layer, convolution, norm in zip(
            self.layers, self.convolutions, self.norms, strict=True
        ):
            if layer.block in blocks:
                values = norm(convolution(self.entering(values, layer)))
                values = self.activated(values)
        return values


def moments(values: Tensor) -> Tensor:
    """Give the channels' deviations (1e-3 at least) and means, (2, channels)."""
    variance, mean = torch.var_mean(values, dim=(0, 2, 3), correction=0)
    return torch.stack([torch.sqrt(variance).clamp_min(1e-3), mean])
