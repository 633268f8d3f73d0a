"""Linear layers made of other linear layers: one by one, or several of the same input as one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import nn

Convert = Callable[[nn.Linear], nn.Module]


class _Side(nn.Module):
    """Several layers of the same input, their outputs side by side: where they cannot be one layer."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return torch.cat([layer(inputs) for layer in self.layers], dim=-1)


def joined(layers: Sequence[nn.Module], convert: Convert) -> nn.Module:
    """One layer for several of the same input. Layers of bitsandbytes and of PEFT stay apart."""
    plain = [layer for layer in layers if type(layer) is nn.Linear]
    if len(plain) < len(layers):
        return _Side([converted(layer, convert) for layer in layers])
    weight = torch.cat([layer.weight.detach() for layer in plain])
    one = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
    one.weight = nn.Parameter(weight, requires_grad=False)
    one.bias = nn.Parameter(torch.cat([layer.bias.detach() for layer in plain]), requires_grad=False)
    return convert(one)


def converted(layer: nn.Module, convert: Convert) -> nn.Module:
    """What `convert` makes of a plain linear layer; others, such as bitsandbytes', stay as they are."""
    return convert(layer) if type(layer) is nn.Linear else layer


def as_it_is(layer: nn.Linear) -> nn.Module:
    """The conversion that changes nothing."""
    return layer
