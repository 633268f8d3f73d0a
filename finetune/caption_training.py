"""Training of any BLIP on captions of several lengths, plain or with an adapter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from beauty_vlm.report import Length
from data.shards import LENGTHS
from finetune.augmentation import augment, pixels_to_floats
from finetune.captions import PROMPTS, CaptionBatches
from finetune.dataset import Captioned
from finetune.options import Options
from finetune.recipe import augmentation
from finetune.training import BudgetTrainer

EVALUATED_AT_ONCE = 48


def normalised(pixels: torch.Tensor, mean: Sequence[float], std: Sequence[float]) -> torch.Tensor:
    """Pixels (B, 3, S, S) in 0..1, less `mean`, over `std`."""
    return (pixels - torch.tensor(mean).view(3, 1, 1)) / torch.tensor(std).view(3, 1, 1)


class CaptionTrainer(BudgetTrainer):
    """Trains a BLIP, plain or with an adapter, on captions of several lengths with the recipe's weights."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        recipe: Mapping[str, Any],
        chosen: Options,
        parts: tuple[Captioned, Captioned],
        preparation: tuple[int, Sequence[float], Sequence[float]],
    ) -> None:
        """`parts` are training and validation; `preparation` is the input's size, mean and deviation."""
        self.renders, self.validation = parts
        self.size, self.mean, self.std = preparation
        self.ranges = augmentation(recipe)
        self.tokenizer = tokenizer
        text_config = model.config.text_config
        limit = min(int(recipe["max_tokens"]), text_config.max_position_embeddings)
        self.captions = CaptionBatches(tokenizer, text_config.bos_token_id, limit)
        self.weights: dict[Length, float] = {
            length: float(recipe["lengths"][length]) for length in LENGTHS if recipe["lengths"][length]
        }
        rates = {
            "": float(recipe["rate"]),
            "vision_model.": float(recipe.get("vision_rate", recipe["rate"])),
        }
        super().__init__(model, recipe, chosen, len(self.renders), rates, best="eval_score")

    def batch(self, rows: np.ndarray) -> dict[str, Any]:
        """Augmented pixels (B, 3, S, S), and for each length the tokens of the captions."""
        pixels, _ = augment(self.renders.images[rows], self.size, self.ranges, self.generator)
        return {
            "pixels": normalised(pixels, self.mean, self.std),
            "rows": torch.from_numpy(rows),
            "captions": self._captions(self.renders, rows),
        }

    def _captions(self, renders: Captioned, rows: np.ndarray) -> dict[Length, dict[str, torch.Tensor]]:
        return {
            length: self.captions(length, [renders.captions[length][row] for row in rows]) for length in self.weights
        }

    def compute_loss(self, model: Any, inputs: dict[str, Any], *_: Any, **__: Any) -> torch.Tensor:
        """The mean loss of a token, by length, weighted."""
        patches = self.model.vision_model(inputs["pixels"]).last_hidden_state
        return self.caption_loss(self.model, patches, inputs["captions"])

    def caption_loss(
        self, model: Any, patches: torch.Tensor, captions: Mapping[Length, Mapping[str, torch.Tensor]]
    ) -> torch.Tensor:
        """Encoded images (B, P, D) decoded once a length."""
        total = sum(self.weights.values())
        losses = [
            weight / total * model.text_decoder(**captions[length], encoder_hidden_states=patches).loss
            for length, weight in self.weights.items()
        ]
        return torch.stack(losses).sum()

    def metrics(self) -> dict[str, float]:
        """`score`, the negative loss of the validation captions, and what share of type and shade names come
        out.
        """
        rows = np.arange(len(self.validation))
        losses = []
        for some in np.array_split(rows, max(1, -(-len(rows) // EVALUATED_AT_ONCE))):
            patches = self.model.vision_model(self._seen(some)).last_hidden_state
            captions = self.placed(self._captions(self.validation, some))
            losses.append(float(self.caption_loss(self.model, patches, captions)))
        return {"score": -float(np.mean(losses)), **self.named(rows[: int(self.recipe["generated"])])}

    def _seen(self, rows: np.ndarray) -> torch.Tensor:
        """Validation images (B, 3, S, S) as the model takes them."""
        pixels = pixels_to_floats(self.validation.images[rows], self.size)
        return self.placed(normalised(pixels, self.mean, self.std))

    def named(self, rows: np.ndarray) -> dict[str, float]:
        """Of the names of type and shade in the true captions of the longest length, the share also
        generated.
        """
        length = list(self.weights)[-1]
        limit = self.captions.styles(self.validation.captions, 1)["max_new_tokens"][length]
        prompt = self.tokenizer(PROMPTS[length], return_tensors="pt")["input_ids"].repeat(len(rows), 1)
        tokens = self.model.generate(
            pixel_values=self._seen(rows),
            input_ids=self.placed(prompt),
            max_new_tokens=limit,
            num_beams=1,
            do_sample=False,
        )
        answers = tokens[:, self.captions.spoken(length) :]
        said = self.tokenizer.batch_decode(answers, skip_special_tokens=True)
        found = {}
        for kind, names in (("type", self.validation.product_types), ("shade", self.validation.shades)):
            hits = [
                names[row].lower() in text.lower()
                for row, text in zip(rows, said, strict=True)
                if names[row] and names[row].lower() in self.validation.captions[length][row].lower()
            ]
            found[f"named_{kind}"] = float(np.mean(hits)) if hits else 0.0
        return found

    def write_styles(self, folder: Path) -> None:
        """Write `captioner.json` beside the weights."""
        styles = self.captions.styles(self.renders.captions, int(self.recipe["num_beams"]))
        (folder / "captioner.json").write_text(json.dumps(styles, indent=2) + "\n")
