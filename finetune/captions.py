"""Captions as a captioner learns them: behind a prompt for their length, as tokens and labels."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from beauty_vlm.report import Length
from data.shards import LENGTHS

# Common words and no punctuation of the captions: taught here, and harmless to a BLIP that never saw them.
PROMPTS: dict[Length, str] = {"short": "in short :", "normal": "caption :", "detailed": "in detail :"}
IGNORED = -100  # the label that BLIP's loss leaves out
OTHER_SCRIPT_SHARE = 0.1  # of a caption's letters
SPARE_TOKENS = 1.15  # how much longer than the longest caption seen an answer may get


class CaptionBatches:
    """Tokens and labels of captions behind their prompts, for any BLIP and its tokenizer."""

    def __init__(self, tokenizer: Any, begin: int, max_length: int) -> None:
        """`begin` is BLIP's begin-of-caption id, which `generate` puts where the tokenizer puts [CLS]."""
        self.tokenizer, self.begin, self.max_length = tokenizer, begin, max_length

    def __call__(self, length: Length, captions: Sequence[str]) -> dict[str, torch.Tensor]:
        """Ids, mask and labels (B, T); labels are IGNORED on the prompt and on padding.

        Of a caption that is too long no end is learned: it would be one in the middle of a sentence.
        """
        whole = [self._ids(f"{PROMPTS[length]} {caption}") for caption in captions]
        tokens = self.tokenizer.pad({"input_ids": [ids[: self.max_length] for ids in whole]}, return_tensors="pt")
        ids, mask = tokens["input_ids"], tokens["attention_mask"]
        ids[:, 0] = self.begin
        labels = ids.masked_fill(mask == 0, IGNORED)
        labels[:, : self.spoken(length)] = IGNORED
        return {"input_ids": ids, "attention_mask": mask, "labels": labels}

    def ill_suited(self, captions: Mapping[Length, Sequence[str]]) -> list[str]:
        """A sentence for each reason why some captions are not learned as they stand."""
        texts = {length: [self._ids(f"{PROMPTS[length]} {text}") for text in captions[length]] for length in LENGTHS}
        long = {captions[length][n] for length in LENGTHS for n, ids in enumerate(texts[length]) if self._is_long(ids)}
        odd = {text for length in LENGTHS for text in captions[length] if _is_of_another_script(text)}
        told = []
        if long:
            told.append(f"{len(long)} captions have more than {self.max_length} tokens: their ends are not learned.")
        if odd:
            told.append(f"{len(odd)} captions are in another script than the captioner's, which is taught English.")
        return told

    def _is_long(self, ids: Sequence[int]) -> bool:
        return len(ids) > self.max_length

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self.tokenizer(text, verbose=False)["input_ids"]
        return ids

    def spoken(self, length: Length) -> int:
        """How many tokens stand before the caption: [DEC] and the prompt."""
        return len(self.tokenizer(PROMPTS[length])["input_ids"]) - 1

    def styles(self, captions: Mapping[Length, Sequence[str]], num_beams: int) -> dict[str, Any]:
        """The content of `captioner.json`; see `beauty_vlm.models.captioner.CaptionStyles`."""
        longest = {length: max(len(self._ids(caption)) for caption in captions[length]) - 1 for length in LENGTHS}
        limits = {
            length: min(int(count * SPARE_TOKENS) + 1, self.max_length - self.spoken(length))
            for length, count in longest.items()
        }
        return {"prompts": dict(PROMPTS), "max_new_tokens": limits, "num_beams": num_beams}


def _is_of_another_script(text: str) -> bool:
    """Whether more than a few of a text's letters are none of the Latin script; emoji are no letters."""
    letters = [letter for letter in text if letter.isalpha()]
    others = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return others > OTHER_SCRIPT_SHARE * len(letters)
