"""Captions as a captioner learns them: behind a prompt for their length, as tokens and labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from beauty_vlm.report import Length
from data.shards import LENGTHS

# Common words and no punctuation of the captions: taught here, and harmless to a BLIP that never saw them.
PROMPTS: dict[Length, str] = {"short": "in short :", "normal": "caption :", "detailed": "in detail :"}
IGNORED = -100  # the label that BLIP's loss leaves out
SPARE_TOKENS = 1.15  # how much longer than the longest caption seen an answer may get


class CaptionBatches:
    """Tokens and labels of captions behind their prompts, for any BLIP and its tokenizer."""

    def __init__(self, tokenizer: Any, begin: int, max_length: int) -> None:
        """`begin` is BLIP's begin-of-caption id, which `generate` puts where the tokenizer puts [CLS]."""
        self.tokenizer, self.begin, self.max_length = tokenizer, begin, max_length

    def __call__(self, length: Length, captions: Sequence[str]) -> dict[str, torch.Tensor]:
        """Ids, mask and labels (B, T); labels are IGNORED on the prompt and on padding."""
        texts = [f"{PROMPTS[length]} {caption}" for caption in captions]
        tokens = self.tokenizer(texts, padding=True, truncation=True, max_length=self.max_length, return_tensors="pt")
        ids, mask = tokens["input_ids"], tokens["attention_mask"]
        ids[:, 0] = self.begin
        labels = ids.masked_fill(mask == 0, IGNORED)
        labels[:, : self.spoken(length)] = IGNORED
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    def spoken(self, length: Length) -> int:
        """How many tokens stand before the caption: [DEC] and the prompt."""
        return len(self.tokenizer(PROMPTS[length])["input_ids"]) - 1

    def styles(self, captions: Mapping[Length, Sequence[str]], num_beams: int) -> dict[str, Any]:
        """The content of `captioner.json`; see `beauty_vlm.models.captioner.CaptionStyles`."""
        longest = {
            length: max(len(self.tokenizer(caption)["input_ids"]) for caption in captions[length]) - 1
            for length in LENGTHS
        }
        limits = {
            length: min(int(count * SPARE_TOKENS) + 1, self.max_length - self.spoken(length))
            for length, count in longest.items()
        }
        return {"prompts": dict(PROMPTS), "max_new_tokens": limits, "num_beams": num_beams}
