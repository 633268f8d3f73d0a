"""Train the tagger: a CLIP of EfficientNet-Lite2 and three MiniLM layers, on renders and their texts.

    python -m finetune.tagger --data DIR --out DIR [--minutes M] [--resume]

Two losses. Pairs: symmetric InfoNCE (Radford et al., 2021, section 2.3) of each image with a text drawn for
it. Zero shot: the cross-entropy of each image against one prompt drawn for every product type, and for every
finish where one can be seen, because that is how the tagger is used.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import (
    BertTokenizer,
    CLIPImageProcessorPil,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
)

from beauty_vlm.report import Length
from beauty_vlm.vocabulary import finishes, product_types, prompt_templates, shade_terms
from finetune.alignment import regression, whitening
from finetune.augmentation import augment, pixels_to_floats
from finetune.dataset import LENGTHS, Renders, load
from finetune.towers import LITE_MEAN, LITE_STD, efficientnet_lite, fold_batch_norm, minilm_text
from finetune.training import (
    BudgetTrainer,
    Options,
    augmentation,
    freeze,
    options,
    parser,
    read_recipe,
)
from finetune.wordpiece import prune

OTHER = "other"
LARGEST_SCALE = 100.0  # Radford et al., section 2.5: more makes training unstable
EVALUATED_AT_ONCE = 64
ALIGNED = 4000  # images for the closed-form start: three times the features they are regressed from
TEMPERATURES = np.geomspace(0.2, 5.0, 161)  # 2% steps: finer than a validation part of hundreds can tell
ACCEPTED_SHARE = 0.95  # of the validation images of beauty products


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


@dataclass(frozen=True, slots=True)
class Calibration:
    """What `calibration.json` holds; see `beauty_vlm.models.tagger`."""

    temperature: float
    finish_temperature: float
    accept: float


def vocabulary_texts(renders: Renders) -> list[str]:
    """Every text whose tokens the tagger must know: prompts, labels, shade names, captions."""
    classes = ClassTexts.of(product_types()).texts + ClassTexts.of(finishes()).texts
    texts = [text for prompts in classes for text in prompts]
    texts += [term.plural for term in product_types()] + [term.label for term in product_types()]
    texts += [term.name for term in shade_terms()]
    return texts + [text for captions in renders.captions.values() for text in captions]


def build(recipe: Mapping[str, Any], renders: Renders) -> tuple[VisionTextDualEncoderModel, BertTokenizer]:
    """The untrained dual encoder over pretrained towers, and its tokenizer. Raises WeightsMissing."""
    pruned = prune(vocabulary_texts(renders), int(recipe["whole_words"]))
    length = int(recipe["max_tokens"])
    vision = efficientnet_lite(2, int(recipe["size"]))
    text = minilm_text(int(recipe["text_layers"]), pruned, length)
    config = VisionTextDualEncoderConfig.from_vision_text_configs(
        vision.config, text.config, projection_dim=int(recipe["projection"])
    )
    model = VisionTextDualEncoderModel(config, vision, text)
    return model, pruned.tokenizer(length)


def image_processor(size: int) -> CLIPImageProcessorPil:
    """EfficientNet-Lite's preparation of a square picture: (x - 127) / 128."""
    return CLIPImageProcessorPil(
        size={"height": size, "width": size},
        do_center_crop=False,
        image_mean=[LITE_MEAN] * 3,
        image_std=[LITE_STD] * 3,
    )


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


def contrastive_loss(logits: torch.Tensor, true: torch.Tensor, unsure: torch.Tensor) -> torch.Tensor:
    """Symmetric cross-entropy of (B, T) logits with the true pairs as uniform targets."""
    logits = logits.masked_fill(unsure, float("-inf"))
    total = logits.new_zeros(())
    for side, positive in ((logits, true), (logits.T, true.T)):
        logarithms = side.log_softmax(dim=1).masked_fill(~positive, 0.0)
        total = total - (logarithms.sum(dim=1) / positive.sum(dim=1)).mean() / 2
    return total


class TaggerTrainer(BudgetTrainer):
    """Trains projections, poolers and the upper layers of both towers."""

    def __init__(self, recipe: Mapping[str, Any], chosen: Options, train: Renders, validation: Renders) -> None:
        """Builds the model. Raises WeightsMissing."""
        self.renders, self.validation = train, validation
        self.types, self.finish_terms = ClassTexts.of(product_types()), ClassTexts.of(finishes())
        self.ranges, self.size = augmentation(recipe), int(recipe["size"])
        self.strong = augmentation(recipe, "strong_augmentation")
        self.shares = np.array([recipe["texts"][name] for name in (*LENGTHS, "type")], dtype=float)
        model, self.tokenizer = build(recipe, train)
        vision: Any = model.vision_model
        fold_batch_norm(vision)
        freeze([vision.embeddings, *vision.encoder.blocks[: int(recipe["frozen_blocks"])]])
        # Words that the renders' texts lack must stay beside those they have.
        model.text_model.get_input_embeddings().requires_grad_(False)
        if not float(recipe["text_rate"]):
            freeze([model.text_model, model.text_projection])
            model.text_model.half().float()  # as it is stored: what it is aligned with must not change any more
        vision.to(memory_format=torch.channels_last)  # twice as fast for depthwise convolutions
        rates = {
            "": float(recipe["rate"]),
            "vision_model.": float(recipe["vision_rate"]),
            "text_model.": float(recipe["text_rate"]),
            "text_model.pooler.": float(recipe["rate"]),
        }
        super().__init__(model, recipe, chosen, len(train), rates, best="eval_top1")
        if not chosen.resume:
            self.align()

    @torch.no_grad()
    def align(self) -> None:
        """Start the projections in closed form (`finetune.alignment`), from a part of the training images."""
        rows = np.sort(self.numbers.permutation(len(self.renders))[:ALIGNED])
        with self.compute_loss_context_manager():
            images = torch.cat(
                [
                    self.model.vision_model(self._seen(self.renders, some)).pooler_output.float()
                    for some in np.array_split(rows, max(1, len(rows) // EVALUATED_AT_ONCE))
                ]
            )
            captions = self._pooled_texts([self.renders.captions["short"][row] for row in rows])
            prompts = [self._pooled_texts(texts) for texts in self.types.texts]
        self.model.text_projection.weight.copy_(
            whitening(torch.cat([captions, *prompts]), self.model.text_projection.out_features)
        )
        classes = functional.normalize(torch.stack([self._projected(p).mean(dim=0) for p in prompts]), dim=-1)
        types = self.placed(self._classes(self.renders, rows))["types"]
        self.model.visual_projection.weight.copy_(regression(images, classes[types] + self._projected(captions)))
        # Cosines do not depend on a projection's scale, but what Adam's steps change does: next to nothing as solved.
        for projection in (self.model.text_projection, self.model.visual_projection):
            projection.weight.div_(projection.weight.square().mean().sqrt() * projection.in_features**0.5)

    def _pooled_texts(self, texts: Sequence[str]) -> torch.Tensor:
        """What the text tower makes of texts before its projection (T, E)."""
        groups = [texts[start : start + EVALUATED_AT_ONCE] for start in range(0, len(texts), EVALUATED_AT_ONCE)]
        with full_precision():
            return torch.cat([self.model.text_model(**self.tokens(group)).pooler_output for group in groups])

    def _projected(self, pooled: torch.Tensor) -> torch.Tensor:
        """Unit embeddings (T, D) of pooled texts (T, E)."""
        return functional.normalize(pooled @ self.model.text_projection.weight.T, dim=-1)

    def batch(self, rows: np.ndarray) -> dict[str, Any]:
        """Augmented pixels (B, 3, S, S), the texts drawn for the first of them, their truth, and all images' classes.

        The rest of the batch is augmented strongly, which leaves types and finishes true but no caption.
        """
        paired = rows[round(len(rows) * float(self.recipe["strong_share"])) :]
        pixels, _ = augment(self.renders.images[paired], self.size, self.ranges, self.generator)
        if others := len(rows) - len(paired):
            rows = np.concatenate([paired, rows[:others]])
            more, _ = augment(self.renders.images[rows[len(paired) :]], self.size, self.strong, self.generator)
            pixels = torch.cat([pixels, more])
        texts, kinds = [], []
        for row in paired.tolist():
            source = int(self.numbers.choice(len(self.shares), p=self.shares / self.shares.sum()))
            number = self.types.number(self.renders.product_types[row])
            if source == len(LENGTHS):
                written = self.types.texts[number]
                texts.append(written[self.numbers.integers(len(written))])
            else:
                length: Length = LENGTHS[source]
                texts.append(self.renders.captions[length][row])
            kinds.append(number if source == len(LENGTHS) else -1)
        groups = [(self.renders.product_types[row], self.renders.shades[row]) for row in paired]
        distinct, true, unsure = pair_targets(texts, kinds, groups)
        prompts = self.types.draw(self.numbers) + self.finish_terms.draw(self.numbers)
        return {
            "pixels": prepared(pixels),
            "texts": self.tokens(distinct),
            "true": true,
            "unsure": unsure,
            "prompts": self.tokens(prompts),
            **self._classes(self.renders, rows),
        }

    def _classes(self, renders: Renders, rows: np.ndarray) -> dict[str, torch.Tensor]:
        return {
            "types": torch.tensor([self.types.number(renders.product_types[row]) for row in rows]),
            "finishes": torch.tensor([self.finish_terms.number(renders.finishes[row]) for row in rows]),
        }

    def _seen(self, renders: Renders, rows: np.ndarray) -> torch.Tensor:
        """Renders (B, 3, S, S), unaugmented, as the tower takes them."""
        return self.placed(prepared(pixels_to_floats(renders.images[rows], self.size)))

    def tokens(self, texts: Sequence[str]) -> dict[str, torch.Tensor]:
        """Padded ids and mask of texts."""
        tokens = self.tokenizer(list(texts), padding=True, truncation=True, return_tensors="pt")
        return self.placed({"input_ids": tokens["input_ids"], "attention_mask": tokens["attention_mask"]})

    def compute_loss(self, model: Any, inputs: dict[str, Any], *_: Any, **__: Any) -> torch.Tensor:
        """Pairs plus the weighted zero-shot terms."""
        images = self.embed_images(inputs["pixels"])
        texts, prompts = self.embed_texts(inputs["texts"]), self.embed_texts(inputs["prompts"])
        scale = self.scale()
        paired = images[: len(inputs["true"])]
        loss = contrastive_loss(scale * paired @ texts.T, inputs["true"], inputs["unsure"])
        smoothing = float(self.recipe["label_smoothing"])
        start = 0
        for name, classes in (("types", self.types), ("finishes", self.finish_terms)):
            logits = scale * images @ prompts[start : start + len(classes.labels)].T
            start += len(classes.labels)
            if (inputs[name] >= 0).any():
                entropy = functional.cross_entropy(logits, inputs[name], ignore_index=-1, label_smoothing=smoothing)
                loss = loss + float(self.recipe[f"{name}_weight"]) * entropy
        return loss

    def scale(self) -> torch.Tensor:
        """The learned factor on cosines, at most LARGEST_SCALE."""
        return self.model.logit_scale.float().exp().clamp(max=LARGEST_SCALE)

    def embed_images(self, pixels: torch.Tensor) -> torch.Tensor:
        """Unit embeddings (B, D), float32; only the tower may compute in bfloat16."""
        pooled = self.model.vision_model(pixels).pooler_output.float()
        with full_precision():
            return functional.normalize(self.model.visual_projection(pooled), dim=-1)

    def embed_texts(self, tokens: Mapping[str, torch.Tensor]) -> torch.Tensor:
        """Unit embeddings (T, D), float32."""
        with full_precision():
            pooled = self.model.text_model(**tokens).pooler_output
            return functional.normalize(self.model.text_projection(pooled), dim=-1)

    def class_embeddings(self, classes: ClassTexts) -> torch.Tensor:
        """One unit vector a class (K, D) from all its prompts, as `beauty_vlm.models.tagger` makes them."""
        means = [self.embed_texts(self.tokens(texts)).mean(dim=0) for texts in classes.texts]
        return functional.normalize(torch.stack(means), dim=-1)

    def validation_logits(self) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
        """Zero-shot logits (N, K) and true classes (N) of the validation part, for types and finishes."""
        rows = np.arange(len(self.validation))
        images = torch.cat(
            [
                self.embed_images(self._seen(self.validation, some))
                for some in np.array_split(rows, max(1, len(rows) // EVALUATED_AT_ONCE))
            ]
        )
        truth = self.placed(self._classes(self.validation, rows))
        return {
            name: (self.scale() * images @ self.class_embeddings(classes).T, truth[name])
            for name, classes in (("types", self.types), ("finishes", self.finish_terms))
        }

    def metrics(self) -> dict[str, float]:
        """Zero-shot accuracies of types (top 1, top 3) and finishes, on renders never trained on."""
        found = self.validation_logits()
        logits, truth = found["types"]
        hits = logits.topk(3, dim=1).indices == truth[:, None]
        logits, seen = found["finishes"][0], found["finishes"][1] >= 0
        finish = (logits.argmax(dim=1) == found["finishes"][1])[seen]
        return {
            "top1": float(hits[:, 0].float().mean()),
            "top3": float(hits.any(dim=1).float().mean()),
            "finish_top1": float(finish.float().mean()) if len(finish) else 0.0,
            "scale": float(self.scale()),
        }

    @torch.no_grad()
    def calibration(self) -> Calibration:
        """Temperatures that minimise the validation part's negative log-likelihood, and the acceptance
        threshold.
        """
        self.model.eval()
        found = self.validation_logits()
        temperature = fitted_temperature(*found["types"])
        logits, truth = (part.cpu() for part in found["types"])
        best = (logits / temperature).softmax(dim=1).max(dim=1)
        other = self.types.number(OTHER)
        scores = torch.where(best.indices == other, 0.0, best.values)[truth != other]
        accept = float(scores.quantile(1 - ACCEPTED_SHARE)) if len(scores) else 0.0
        return Calibration(temperature, fitted_temperature(*found["finishes"]), accept)

    def save(self, folder: Path) -> None:
        """Write the model folder that `beauty_vlm.models.loader` reads."""
        with torch.no_grad():
            self.model.logit_scale.clamp_(max=float(np.log(LARGEST_SCALE)))
            # Cosines do not depend on the scale of a projection, and whitening leaves weights that fp16 cannot hold.
            for projection in (self.model.text_projection, self.model.visual_projection):
                projection.weight.div_(projection.weight.abs().max())
        self.model.save_pretrained(folder)
        self.tokenizer.save_pretrained(folder)
        image_processor(self.size).save_pretrained(folder)
        calibration = self.calibration()
        written = {name: getattr(calibration, name) for name in Calibration.__dataclass_fields__}
        (folder / "calibration.json").write_text(json.dumps(written, indent=2) + "\n")


def full_precision() -> torch.autocast:
    """Float32 inside autocast. The projections start by taking out the towers' common direction: what is left is small
    against it, and bfloat16's 8 bits would drown it.
    """
    return torch.autocast("cuda" if torch.cuda.is_available() else "cpu", enabled=False)


def prepared(pixels: torch.Tensor) -> torch.Tensor:
    """Pixels in 0..1 as EfficientNet-Lite wants them."""
    return ((pixels - LITE_MEAN) / LITE_STD).contiguous(memory_format=torch.channels_last)


def fitted_temperature(logits: torch.Tensor, truth: torch.Tensor) -> float:
    """The divisor of the logits with the least negative log-likelihood (Guo et al., 2017); 1 without
    examples.
    """
    logits, truth = logits[truth >= 0].float().cpu(), truth[truth >= 0].cpu()
    if not len(truth):
        return 1.0
    losses = [float(functional.cross_entropy(logits / value, truth)) for value in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def main() -> None:
    """Train by the command line; the model lies in OUT/model afterwards."""
    chosen = options(parser("tagger").parse_args())
    trainer = TaggerTrainer(
        read_recipe(chosen.recipe), chosen, load(chosen.data, "train"), load(chosen.data, "validation")
    )
    trainer.finish()


if __name__ == "__main__":
    main()
