"""Linear layers whose weights lie in memory as oneDNN reads them, for the processor.

A caption's next token multiplies every weight of the decoder with one or two rows. `nn.Linear` spends half of that time
on arranging the weights anew at each call; here they are arranged once. The sums are the same but for their order.
"""

from __future__ import annotations

from functools import lru_cache

import torch
from torch import nn

ROWS = 2  # for so many the weights are arranged: the beams of a caption; any other number computes too


class PackedLinear(nn.Module):
    """`nn.Linear` on the CPU with its weights arranged once; float32 or bfloat16 in and out."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.in_features, self.out_features = linear.in_features, linear.out_features
        self._packed = torch.ops.mkldnn._reorder_linear_weight(linear.weight.detach(), ROWS)
        self._bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """(…, in) to (…, out)."""
        found: torch.Tensor = torch.ops.mkldnn._linear_pointwise(inputs, self._packed, self._bias, "none", [], "")
        return found


@lru_cache
def can_pack(kind: torch.dtype = torch.float32) -> bool:
    """Whether this build of torch has the operations, which its own compiler uses, and this processor those of `kind`:
    without AVX-512 there are none of bfloat16.
    """
    ours = ("_reorder_linear_weight", "_linear_pointwise")
    if not (torch.backends.mkldnn.is_available() and all(hasattr(torch.ops.mkldnn, name) for name in ours)):
        return False
    try:
        torch.ops.mkldnn._reorder_linear_weight(torch.zeros(ROWS, ROWS, dtype=kind), ROWS)
    except RuntimeError:
        return False
    return True
