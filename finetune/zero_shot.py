"""What the tagger is asked of a picture, each question as classes with prompts: type, finish, packaging material and
state, and whether the shade can be seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from beauty_vlm.vocabulary import (
    finishes,
    packaging_materials,
    packaging_states,
    product_types,
    prompt_templates,
    shade_visibilities,
)
from finetune.dataset import Renders

Logits = tuple[torch.Tensor, torch.Tensor]  # (N, K) and the true classes (N), -1 where unknown


@dataclass(frozen=True, slots=True)
class ClassTexts:
    """Every prompt of every class: `texts[k]` are those of class k."""

    labels: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, terms: Sequence[Any]) -> ClassTexts:
        """The prompts of vocabulary terms (`label`, `phrasings`) in all templates."""
        return cls(
            tuple(term.label for term in terms),
            tuple(tuple(t.format(p) for p in term.phrasings for t in prompt_templates()) for term in terms),
        )

    def draw(self, numbers: np.random.Generator) -> list[str]:
        """One prompt a class."""
        return [prompts[numbers.integers(len(prompts))] for prompts in self.texts]

    def number(self, label: str) -> int:
        """The class of a label, -1 when there is none."""
        return self.labels.index(label) if label in self.labels else -1


def heads() -> dict[str, ClassTexts]:
    """The questions by name; a recipe weighs each by `NAME_weight`."""
    return {
        "types": ClassTexts.of(product_types()),
        "finishes": ClassTexts.of(finishes()),
        "materials": ClassTexts.of(packaging_materials()),
        "states": ClassTexts.of(packaging_states()),
        "visibilities": ClassTexts.of(shade_visibilities()),
    }


def truths(renders: Renders, rows: np.ndarray, asked: dict[str, ClassTexts]) -> dict[str, torch.Tensor]:
    """The true class of each of these renders for each question of `heads`, -1 where the render does not say."""
    labels = {
        "types": renders.product_types,
        "finishes": renders.finishes,
        "materials": [package.material for package in renders.packages],
        "states": [package.state for package in renders.packages],
        "visibilities": [package.visibility for package in renders.packages],
    }
    return {
        name: torch.tensor([classes.number(labels[name][row]) for row in rows.tolist()])
        for name, classes in asked.items()
    }
