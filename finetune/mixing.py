"""Mixtures of two pictures, whose classes are true in part and which no network can learn by heart.

mixup: Zhang et al., ICLR 2018.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Mixture:
    """For each picture of a batch (B) the number of the one that it is mixed with, and its own share, 0.5..1."""

    partners: torch.Tensor
    shares: torch.Tensor

    def of(self, pixels: torch.Tensor) -> torch.Tensor:
        """The mixed pictures (B, 3, H, W)."""
        shares = self.shares[:, None, None, None]
        return shares * pixels + (1.0 - shares) * pixels[self.partners]

    def entropy(self, logits: torch.Tensor, truth: torch.Tensor, smoothing: float = 0.0) -> torch.Tensor:
        """The mean cross-entropy of logits (B, K) against both pictures' classes (B; -1 unknown) by their shares; 0
        where none is known.
        """
        total, weight = logits.new_zeros(()), logits.new_zeros(())
        for classes, shares in ((truth, self.shares), (truth[self.partners], 1.0 - self.shares)):
            losses = functional.cross_entropy(
                logits, classes, ignore_index=-1, label_smoothing=smoothing, reduction="none"
            )
            total = total + (shares * losses).sum()
            weight = weight + (shares * (classes >= 0)).sum()
        return total / weight.clamp(min=torch.finfo(weight.dtype).tiny)


def drawn(count: int, first: int, alpha: float, numbers: np.random.Generator) -> Mixture:
    """A mixture of a batch of `count` in which those from `first` on are mixed among themselves, by shares of
    Beta(`alpha`, `alpha`) or, with an `alpha` of 0, not at all.
    """
    partners, shares = np.arange(count), np.ones(count, dtype=np.float32)
    if alpha:
        partners[first:] = first + numbers.permutation(count - first)
        share = numbers.beta(alpha, alpha, count - first)
        shares[first:] = np.maximum(share, 1.0 - share)
    return Mixture(torch.from_numpy(partners), torch.from_numpy(shares))
