"""The contrastive side of the tagger's loss: which texts of a batch are true of which images."""

from __future__ import annotations

from collections.abc import Sequence

import torch


def pair_targets(
    texts: Sequence[str], kinds: Sequence[int], groups: Sequence[tuple[str, str]]
) -> tuple[list[str], torch.Tensor, torch.Tensor]:
    """The distinct texts (T), which are true of which image (B, T), and which pairs are left out of the loss
    (B, T).

    `kinds[i]` is the type that text i is a bare prompt of, -1 for a caption; `groups[i]` is the type and
    shade of image i. A type's prompt is true of every image of the type, and any text of every image it was
    drawn for. A caption of another image of the same type and shade may well be true too: it is neither
    pulled nor pushed.
    """
    distinct = list(dict.fromkeys(texts))
    column = {text: number for number, text in enumerate(distinct)}
    true = torch.zeros(len(texts), len(distinct), dtype=torch.bool)
    unsure = torch.zeros_like(true)
    types = [group[0] for group in groups]
    for source, text in enumerate(texts):
        for row, group in enumerate(groups):
            if row == source or (kinds[source] >= 0 and types[row] == types[source]):
                true[row, column[text]] = True
            elif group == groups[source]:
                unsure[row, column[text]] = True
    return distinct, true, unsure & ~true


def contrastive_loss(logits: torch.Tensor, true: torch.Tensor, unsure: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of (B, T) logits with the true pairs as uniform targets."""
    logits = logits.masked_fill(unsure, float("-inf"))
    total = logits.new_zeros(())
    for side, positive in ((logits, true), (logits.T, true.T)):
        logarithms = side.log_softmax(dim=1).masked_fill(~positive, 0.0)
        total = total - (logarithms.sum(dim=1) / positive.sum(dim=1)).mean() / 2
    return total
