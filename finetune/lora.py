"""Train a LoRA adapter on a BLIP captioner: ours, or any published one, on all three lengths.

    python -m finetune.lora --data DIR --out DIR [--base DIR_OR_NAME] [--start ADAPTER] [--minutes M] [--resume]

The data are renders, or labelled photos of the user's own (`finetune.photos`). With `--start` an adapter is trained on:
`--start embedded` is the one that comes with the embedded captioner. The adapter folder holds captioner.json too,
because it is the adapter that learns the prompts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoTokenizer, BlipForConditionalGeneration, BlipImageProcessorPil, set_seed

from beauty_vlm.evaluation.truths import METADATA
from beauty_vlm.models.canvas import canvas_size
from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.models.source import Source, locate
from data.shards import LENGTHS, DataMissing
from finetune import photos
from finetune.caption_training import CaptionTrainer
from finetune.dataset import Captioned, load
from finetune.options import SHARDS, Options, options, parser
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

    def __init__(
        self, base: Source, recipe: Mapping[str, Any], chosen: Options, parts: tuple[Captioned, Captioned]
    ) -> None:
        """`base` is a BlipForConditionalGeneration with its tokenizer and processor. An adapter that is gone on from
        keeps its own rank. Raises ModelUnavailable where one of them does not load, or the adapter is another base's.
        """
        with base.guarded():
            model = base.read(BlipForConditionalGeneration, dtype=torch.float32)
            tokenizer, processor = base.read(AutoTokenizer), base.read(BlipImageProcessorPil)
            preparation = canvas_size(processor), processor.image_mean, processor.image_std
        set_seed(int(recipe["seed"]))
        if chosen.start:
            start = locate("adapter", str(chosen.start))
            with start.guarded():
                adapted = PeftModel.from_pretrained(model, start.place, is_trainable=True)
            adapted.peft_config["default"].base_model_name_or_path = model.name_or_path  # not where its first one lay
        else:
            wanted = adapter_config(recipe)
            with base.guarded():
                adapted = get_peft_model(model, wanted)
        super().__init__(adapted, tokenizer, recipe, chosen, parts, preparation)

    def save(self, folder: Path) -> None:
        """Write the adapter folder that `beauty_vlm.models.loader` reads."""
        self.model.save_pretrained(folder)
        self.write_styles(folder)


def main() -> None:
    """Train by the command line; the adapter lies in OUT/model afterwards."""
    arguments = parser("lora", f"{SHARDS}, or of labelled photos")
    arguments.add_argument(
        "--base", default="embedded", help="a BLIP captioner, as the app's --captioner; the embedded one if not given"
    )
    parsed = arguments.parse_args()
    try:
        base = locate("captioner", parsed.base)
        if str(parsed.start) == "embedded":
            parsed.start = Path(locate("adapter", "embedded").place)
        chosen = options(parsed)
        parts = captioned(chosen.data, base)
        trainer = LoraTrainer(base, read_recipe(chosen.recipe, "lora"), chosen, parts)
    except (DataMissing, ModelUnavailable) as error:
        raise SystemExit(str(error)) from None
    every = {length: [*parts[0].captions[length], *parts[1].captions[length]] for length in LENGTHS}
    for told in trainer.captions.ill_suited(every):
        print(told)
    trainer.finish()


def captioned(folders: Sequence[Path], base: Source) -> tuple[Captioned, Captioned]:
    """Training and validation part of folders of shards, or of folders of labelled photos, which are made as large as
    `base` takes them. Raises DataMissing, also for folders of both kinds, and ModelUnavailable.
    """
    labelled = [photos.is_labelled(folder) for folder in folders]
    if not any(labelled):
        try:
            return load(folders, "train"), load(folders, "validation")
        except DataMissing as error:
            raise DataMissing(f"{error} Photos of your own need a {METADATA} beside them.") from error
    if not all(labelled):
        raise DataMissing("Give folders of labelled photos or folders of renders, not both at once.")
    with base.guarded():
        size = canvas_size(base.read(BlipImageProcessorPil))
    parts = photos.load(folders, size)
    return parts["train"], parts["validation"]


if __name__ == "__main__":
    main()
