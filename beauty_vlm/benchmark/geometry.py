"""The published checkpoints' geometries with random weights, as folders that load like any other.

For machines without the hub: time, memory and size on disk depend on the geometry only. What such a model says means
nothing, and random weights exaggerate quantization's error.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    PreTrainedTokenizerFast,
)

SEED = 2026
SPREAD = 0.02  # of the weights; the vision tower's own default leaves them at zero
BERT_WORDS, CLIP_WORDS = 30524, 49408
CLIP_BOS, CLIP_EOS = 49406, 49407


def write_random(profile: str, folder: Path) -> Path:
    """Write the profile's geometry with random weights into `folder`. Raises KeyError for any but RANDOM."""
    torch.manual_seed(SEED)
    RANDOM[profile](folder)
    return folder


def _blip(folder: Path, layers: int, width: int, heads: int) -> None:
    config = BlipConfig(
        text_config={"encoder_hidden_size": width, "vocab_size": BERT_WORDS, "num_attention_heads": 12},
        vision_config={
            "hidden_size": width,
            "intermediate_size": 4 * width,
            "num_hidden_layers": layers,
            "num_attention_heads": heads,
            "image_size": 384,
            "initializer_range": SPREAD,
        },
    )
    BlipForConditionalGeneration(config).save_pretrained(folder)
    text: Any = config.text_config
    special = {
        "pad_token": text.pad_token_id, "bos_token": text.bos_token_id, "sep_token": text.sep_token_id,
        "cls_token": 101, "unk_token": 100,
    }  # fmt: skip
    _tokenizer(BERT_WORDS, special, "cls_token", "sep_token").save_pretrained(folder)
    BlipImageProcessorPil().save_pretrained(folder)


def _clip(folder: Path) -> None:
    config = CLIPConfig(text_config={"bos_token_id": CLIP_BOS, "eos_token_id": CLIP_EOS})
    CLIPModel(config).save_pretrained(folder)
    special = {"bos_token": CLIP_BOS, "eos_token": CLIP_EOS, "pad_token": 0, "unk_token": 1}
    _tokenizer(CLIP_WORDS, special, "bos_token", "eos_token").save_pretrained(folder)
    CLIPImageProcessorPil().save_pretrained(folder)


def _tokenizer(count: int, special: dict[str, int], first: str, last: str) -> PreTrainedTokenizerFast:
    """So many words that mean nothing, and the published vocabulary's special tokens in their places."""
    names = {number: f"[{name}]" for name, number in special.items()}
    words = {names.get(number, f"w{number}"): number for number in range(count)}
    tokenizer = Tokenizer(models.WordLevel(words, unk_token=names[special["unk_token"]]))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    ends = [(names[special[name]], special[name]) for name in (first, last)]
    single = f"{ends[0][0]} $A {ends[1][0]}"
    tokenizer.post_processor = processors.TemplateProcessing(single=single, special_tokens=ends)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, **{name: names[special[name]] for name in special})


RANDOM: dict[str, Callable[[Path], None]] = {
    "blip-base": lambda folder: _blip(folder, layers=12, width=768, heads=12),
    "blip-large": lambda folder: _blip(folder, layers=24, width=1024, heads=16),
    "clip-vit-base-patch32": _clip,
}
