"""Train a LoRA adapter on a BLIP captioner: ours, or any published one, on all three lengths.

    python -m finetune.lora --base DIR_OR_NAME --data DIR --out DIR [--minutes M] [--resume]

The adapter folder holds captioner.json too, because it is the adapter that learns the prompts.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer, BlipForConditionalGeneration, BlipImageProcessorPil, set_seed

from beauty_vlm.models.canvas import canvas_size
from data.shards import DataMissing
from finetune.caption_training import CaptionTrainer
from finetune.dataset import Renders, load
from finetune.options import Options, options, parser
from finetune.recipe import read_recipe

# Attention everywhere and the decoder's own layers by name. Never "all-linear": it would adapt the output
# head, which is tied to the word embeddings, and merging would then change both.
TARGETS = (
    r"(text_decoder\.bert\.encoder\.layer\.\d+\.(attention|crossattention)\.self\.(query|key|value)"
    r"|text_decoder\.bert\.encoder\.layer\.\d+\.(attention\.|crossattention\.)?output\.dense"
    r"|text_decoder\.bert\.encoder\.layer\.\d+\.intermediate\.dense"
    r"|vision_model\.encoder\.layers\.\d+\.self_attn\.(qkv|projection))"
)


def adapter_config(recipe: Mapping[str, Any]) -> LoraConfig:
    """LoRA on `TARGETS`. `task_type` stays None: BLIP's forward is not that of a causal language model."""
    return LoraConfig(
        task_type=None,
        r=int(recipe["rank"]),
        lora_alpha=int(recipe["alpha"]),
        lora_dropout=float(recipe["dropout"]),
        target_modules=TARGETS,
    )


class LoraTrainer(CaptionTrainer):
    """Trains the adapter; the base stays as it is."""

    def __init__(self, base: str, recipe: Mapping[str, Any], chosen: Options, parts: tuple[Renders, Renders]) -> None:
        """`base` is a folder or a hub name of a BlipForConditionalGeneration with its tokenizer and
        processor.
        """
        model = BlipForConditionalGeneration.from_pretrained(base, dtype=torch.float32)
        processor = BlipImageProcessorPil.from_pretrained(base)
        preparation = canvas_size(processor), processor.image_mean, processor.image_std
        set_seed(int(recipe["seed"]))
        adapted = get_peft_model(model, adapter_config(recipe))
        super().__init__(adapted, AutoTokenizer.from_pretrained(base), recipe, chosen, parts, preparation)

    def save(self, folder: Path) -> None:
        """Write the adapter folder that `beauty_vlm.models.loader` reads."""
        self.model.save_pretrained(folder)
        self.write_styles(folder)


def main() -> None:
    """Train by the command line; the adapter lies in OUT/model afterwards."""
    arguments = parser("lora", goes_on=False)
    arguments.add_argument("--base", required=True, help="folder or hub name of a BLIP captioner")
    parsed = arguments.parse_args()
    chosen = options(parsed)
    try:
        parts = load(chosen.data, "train"), load(chosen.data, "validation")
    except DataMissing as error:
        raise SystemExit(str(error)) from None
    trainer = LoraTrainer(parsed.base, read_recipe(chosen.recipe), chosen, parts)
    trainer.finish()


if __name__ == "__main__":
    main()
