"""A second opinion on the product type: a linear classifier on what the captioner's vision tower sees.

Two towers that were trained apart err apart, in part. Their opinions, each calibrated, are pooled as logarithms with
weights that sum to one: the geometric mean of their probabilities, normalised (Genest and Zidek, Statistical Science 1
(1986) 114-135, section 3).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file

FILE = "types.safetensors"  # beside the adapter, or the captioner, whose tower it was fitted to


@dataclass(frozen=True, slots=True)
class Pool:
    """How a tagger's opinion and the second are pooled: what the tagger's logits and the second's log probabilities are
    multiplied by before the softmax, and the least probability of a beauty product (`Calibration.product`).
    """

    own: float
    other: float
    product: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """One photo's log probabilities (T,) of the product types in the vocabulary's order, to be pooled so."""

    log_probabilities: torch.Tensor
    pool: Pool


@dataclass(frozen=True, slots=True)
class TypeHead:
    """The classifier: `weight` (T, 2 W) and `bias` (T,), float32, for states of width W."""

    weight: torch.Tensor
    bias: torch.Tensor
    pool: Pool

    def __call__(self, patches: torch.Tensor) -> Opinion:
        """The opinion on one photo's states (P + 1, W)."""
        logits = self.weight @ summary(patches[None])[0] + self.bias
        return Opinion(logits.log_softmax(dim=0), self.pool)


def summary(patches: torch.Tensor) -> torch.Tensor:
    """What the classifier reads (B, 2 W) of states (B, P + 1, W): that of the whole, and the mean of the patches'."""
    states = patches.float().cpu()
    return torch.cat([states[:, 0], states[:, 1:].mean(dim=1)], dim=1)


def read(path: Path, labels: Sequence[str]) -> TypeHead | None:
    """The head in a file as `write` makes it; None where it was fitted to other labels than these, as after an edit of
    the vocabulary. Raises ValueError or KeyError where the file holds something else.
    """
    with safe_open(path, framework="pt") as file:
        about = json.loads((file.metadata() or {})["types"])
        if about["labels"] != list(labels):
            return None
        weight, bias = file.get_tensor("weight").float(), file.get_tensor("bias").float()
    if weight.shape[0] != len(labels) or bias.shape != (len(labels),):
        raise ValueError(f"{path.name} holds weights of another shape")
    return TypeHead(weight, bias, Pool(**about["pool"]))


def write(head: TypeHead, labels: Sequence[str], folder: Path) -> Path:
    """Write the head beside an adapter or a captioner; returns the file."""
    path = folder / FILE
    about = json.dumps({"labels": list(labels), "pool": asdict(head.pool)})
    save_file(
        {"weight": head.weight.half().contiguous(), "bias": head.bias}, path, metadata={"format": "pt", "types": about}
    )
    return path
