"""Linear layers with 8-bit weights for the processor, whose inputs are quantized as they come.

Built on torch's quantized operators, not on `torch.ao.quantization`, which announces its removal; and unlike its
dynamic layers with a scale per output channel and, where the processor multiplies bytes without overflow, with all
8 bits of the inputs instead of 7.
"""

from __future__ import annotations

import warnings

import torch
from torch import nn

from beauty_vlm.models.processor import multiplies_bytes_exactly

INT8_LIMIT = 127


class Int8Linear(nn.Module):
    """`nn.Linear` with symmetric int8 weights, one scale per output; float32 in and out, on the CPU only."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        weight = linear.weight.detach().float()
        scales = (weight.abs().amax(dim=1) / INT8_LIMIT).clamp(min=torch.finfo(torch.float32).tiny)
        zeros = torch.zeros(self.out_features, dtype=torch.int64)
        with warnings.catch_warnings():  # of the quantized types' end in some later torch; ours is bounded
            warnings.simplefilter("ignore", UserWarning)
            quantized = torch.quantize_per_channel(weight, scales.double(), zeros, 0, torch.qint8)
        bias = None if linear.bias is None else linear.bias.detach().float()
        self._packed = torch.ops.quantized.linear_prepack(quantized, bias)
        self._reduce_range = not multiplies_bytes_exactly()

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(…, in) to (…, out)."""
        return torch.ops.quantized.linear_dynamic(inputs, self._packed, self._reduce_range)
