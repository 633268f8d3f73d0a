"""The contrastive side of the tagger's loss: which texts of a batch are true of which images."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
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


def hard_negatives(
    text: str, group: tuple[str, str], types: Sequence[str], shades: Sequence[str], numbers: np.random.Generator
) -> list[tuple[str, tuple[str, str]]]:
    """The caption of an image of this type and shade with another of `shades` in the place of its shade, and with
    another of `types` in that of its type, each with the type and shade that it then tells of. What the caption does
    not name is not replaced, and the rest of it stays true: so the one word must tell.
    """
    product_type, shade = group
    found = []
    for said, others, make in (
        (shade, [name for name in shades if name not in ("", shade)], lambda other: (product_type, other)),
        (product_type, [name for name in types if name != product_type], lambda other: (other, shade)),
    ):
        whole = re.compile(rf"\b{re.escape(said)}\b") if said else None
        if others and whole and whole.search(text):
            other = others[numbers.integers(len(others))]
            found.append((whole.sub(other, text), make(other)))
    return found


def with_negatives(
    texts: list[str],
    true: torch.Tensor,
    unsure: torch.Tensor,
    negatives: Sequence[tuple[str, tuple[str, str]]],
    groups: Sequence[tuple[str, str]],
) -> tuple[list[str], torch.Tensor, torch.Tensor]:
    """As `pair_targets`, with texts that are true of no image, those of images of the negative's own type and shade
    excepted, of which they may be.
    """
    new = {text: told for text, told in negatives if text not in texts}
    if not new:
        return texts, true, unsure
    maybe = torch.tensor([[group == told for told in new.values()] for group in groups])
    return [*texts, *new], torch.cat([true, torch.zeros_like(maybe)], dim=1), torch.cat([unsure, maybe], dim=1)


def contrastive_loss(logits: torch.Tensor, true: torch.Tensor, unsure: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of (B, T) logits with the true pairs as uniform targets; a text that is true of no image
    is a negative for each.
    """
    logits = logits.masked_fill(unsure, float("-inf"))
    total = logits.new_zeros(())
    drawn = true.any(dim=0)
    for side, positive in ((logits, true), (logits.T[drawn], true.T[drawn])):
        logarithms = side.log_softmax(dim=1).masked_fill(~positive, 0.0)
        total = total - (logarithms.sum(dim=1) / positive.sum(dim=1)).mean() / 2
    return total
