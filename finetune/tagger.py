"""Train the tagger: a CLIP of EfficientNet-Lite2 and three MiniLM layers, on renders and their texts.

    python -m finetune.tagger --data DIR --out DIR [--start DIR] [--minutes M] [--resume]

Two losses. Pairs: symmetric InfoNCE (Radford et al., 2021, section 2.3) of each image with a text drawn for
it. Zero shot: the cross-entropy of each image against one prompt drawn for every product type, and for every finish,
packaging material and packaging state where one can be seen, because that is how the tagger is used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch.nn import functional
from transformers import (
    BertTokenizer,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
    set_seed,
)

from beauty_vlm.models.convolutions import stands_open
from beauty_vlm.models.tagger import Calibration
from beauty_vlm.report import Length
from beauty_vlm.vocabulary import OTHER, product_types, shade_terms
from data.shards import LENGTHS, DataMissing
from finetune import calibration
from finetune.alignment import regression, whitening
from finetune.augmentation import augment, pixels_to_floats
from finetune.clock import last_checkpoint
from finetune.contrast import contrastive_loss, hard_negatives, pair_targets, with_negatives
from finetune.dataset import Renders, load
from finetune.efficientnet import (
    efficientnet_lite,
    fold_batch_norm,
    image_processor,
    open_squeeze_excite,
    prepared,
)
from finetune.minilm import minilm_text
from finetune.mixing import Mixture, drawn
from finetune.options import Options, options, parser
from finetune.packages import WeightsMissing
from finetune.recipe import augmentation, read_recipe, restaging
from finetune.restaging import Restaging, restage
from finetune.training import BudgetTrainer, freeze
from finetune.wordpiece import prune
from finetune.zero_shot import ClassTexts, Logits, heads, truths

LARGEST_SCALE = 100.0  # Radford et al., section 2.5: more makes training unstable
EVALUATED_AT_ONCE = 64
REMEMBERED = 50_000  # embedded texts: all prompts and captions of some 10,000 renders. Negatives hardly come again
ALIGNED = 4000  # images for the closed-form start: three times the features they are regressed from


def vocabulary_texts(renders: Renders) -> list[str]:
    """Every text whose tokens the tagger must know: prompts, labels, shade names, captions."""
    texts = [text for classes in heads().values() for prompts in classes.texts for text in prompts]
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


def trained(folder: Path) -> tuple[VisionTextDualEncoderModel, BertTokenizer]:
    """A tagger of an earlier training, and its tokenizer, to go on from."""
    model = VisionTextDualEncoderModel.from_pretrained(folder, dtype=torch.float32)
    vision: Any = model.vision_model
    if all(stands_open(block.squeeze_excite) for block in vision.encoder.blocks):
        open_squeeze_excite(vision)  # as it was trained: gates that multiply by one cost a seventh of a step
    return model, BertTokenizer.from_pretrained(folder)


class TaggerTrainer(BudgetTrainer):
    """Trains projections, poolers and the upper layers of both towers."""

    def __init__(self, recipe: Mapping[str, Any], chosen: Options, train: Renders, validation: Renders) -> None:
        """Builds the model, or goes on from a trained one. Raises WeightsMissing."""
        self.renders, self.validation = train, validation
        self.heads = heads()
        self.types = self.heads["types"]
        self.named = [label for label in self.types.labels if label != OTHER]  # in captions
        self.shade_names = sorted(set(train.shades) - {""})
        self.ranges, self.size = augmentation(recipe), int(recipe["size"])
        self.strong = augmentation(recipe, "strong_augmentation")
        self.restaging, self.strong_restaging = restaging(recipe), restaging(recipe, "strong_restaging")
        self.shares = np.array([recipe["texts"][name] for name in (*LENGTHS, "type")], dtype=float)
        set_seed(int(recipe["seed"]))
        model, self.tokenizer = trained(chosen.start) if chosen.start else build(recipe, train)
        vision: Any = model.vision_model
        fold_batch_norm(vision)
        freeze([vision.embeddings, *vision.encoder.blocks[: int(recipe["frozen_blocks"])]])
        # Words that the renders' texts lack must stay beside those they have.
        model.text_model.get_input_embeddings().requires_grad_(False)
        self.embedded: dict[str, torch.Tensor] | None = None  # unit embeddings (D,) of texts, while they stay the same
        if not float(recipe["text_rate"]):
            self.embedded = {}
            freeze([model.text_model, model.text_projection])
            model.text_model.half().float()  # as it is stored: what it is aligned with must not change any more
        vision.to(memory_format=torch.channels_last)  # twice as fast for depthwise convolutions
        rates = {
            "": float(recipe["rate"]),
            "vision_model.": float(recipe["vision_rate"]),
            "text_model.": float(recipe["text_rate"]),
            "text_model.pooler.": float(recipe["rate"]),
        }
        super().__init__(model, recipe, chosen, len(train), rates, best="eval_likelihood")
        if chosen.start:
            self.rescale()
        elif not (chosen.resume and last_checkpoint(chosen.out)):
            self.align()

    @torch.no_grad()
    def align(self) -> None:
        """Start the projections in closed form (`finetune.alignment`), from a part of the training images."""
        numbers = np.random.default_rng(int(self.recipe["seed"]))  # the same images in every process
        rows = np.sort(numbers.permutation(len(self.renders))[:ALIGNED])
        with self.compute_loss_context_manager():
            images = torch.cat(
                [
                    self.model.vision_model(self._seen(self.renders, some)).pooler_output.float()
                    for some in np.array_split(rows, max(1, -(-len(rows) // EVALUATED_AT_ONCE)))
                ]
            )
            captions = self._pooled_texts([self.renders.captions["short"][row] for row in rows])
            prompts = [self._pooled_texts(texts) for texts in self.types.texts]
        self.model.text_projection.weight.copy_(
            whitening(torch.cat([captions, *prompts]), self.model.text_projection.out_features)
        )
        classes = functional.normalize(torch.stack([self._projected(p).mean(dim=0) for p in prompts]), dim=-1)
        types = self.placed(truths(self.renders, rows, self.heads))["types"]
        self.model.visual_projection.weight.copy_(regression(images, classes[types] + self._projected(captions)))
        self.rescale()

    @torch.no_grad()
    def rescale(self) -> None:
        """Cosines do not depend on a projection's scale, but what Adam's steps change does: next to nothing as solved,
        or as stored.
        """
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

        The rest of the batch is put on other grounds, augmented strongly and mixed among itself, which leaves types and
        finishes true, the latter in part, but no caption.
        """
        paired = rows[round(len(rows) * float(self.recipe["strong_share"])) :]
        size = self.size_now()
        pixels, _ = augment(self._restaged(paired, self.restaging), size, self.ranges, self.generator)
        mixture = drawn(len(rows), len(paired), float(self.recipe["mixing"]), self.numbers)
        if others := len(rows) - len(paired):
            rows = np.concatenate([paired, rows[:others]])
            staged = self._restaged(rows[len(paired) :], self.strong_restaging)
            more, _ = augment(staged, size, self.strong, self.generator)
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
        if self.recipe["hard_negatives"]:
            negatives = [
                negative
                for text, kind, group in zip(texts, kinds, groups, strict=True)
                if kind < 0
                for negative in hard_negatives(text, group, self.named, self.shade_names, self.numbers)
            ]
            distinct, true, unsure = with_negatives(distinct, true, unsure, negatives, groups)
        prompts = [text for classes in self.heads.values() for text in classes.draw(self.numbers)]
        return {
            "pixels": prepared(mixture.of(pixels)),
            "partners": mixture.partners,
            "shares": mixture.shares,
            "texts": distinct,
            "true": true,
            "unsure": unsure,
            "prompts": prompts,
            **truths(self.renders, rows, self.heads),
        }

    def _restaged(self, rows: np.ndarray, ranges: Restaging) -> np.ndarray:
        return restage(self.renders.images[rows], self.renders.regions[rows], ranges, self.numbers)

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
        texts, prompts = self.text_embeddings(inputs["texts"]), self.text_embeddings(inputs["prompts"])
        scale = self.scale()
        paired = images[: len(inputs["true"])]
        loss = contrastive_loss(scale * paired @ texts.T, inputs["true"], inputs["unsure"])
        smoothing = float(self.recipe["label_smoothing"])
        mixture = Mixture(inputs["partners"], inputs["shares"])
        start = 0
        for name, classes in self.heads.items():
            logits = scale * images @ prompts[start : start + len(classes.labels)].T
            start += len(classes.labels)
            if (inputs[name] >= 0).any():
                loss = loss + float(self.recipe[f"{name}_weight"]) * mixture.entropy(logits, inputs[name], smoothing)
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

    def text_embeddings(self, texts: Sequence[str]) -> torch.Tensor:
        """Unit embeddings (T, D) of texts. A frozen text side embeds each text once: steps draw the same prompts."""
        if self.embedded is None:
            return self.embed_texts(self.tokens(texts))
        if len(self.embedded) > REMEMBERED:
            self.embedded.clear()
        if new := [text for text in dict.fromkeys(texts) if text not in self.embedded]:
            self.embedded.update(zip(new, self.embed_texts(self.tokens(new)), strict=True))
        return torch.stack([self.embedded[text] for text in texts])

    def class_embeddings(self, classes: ClassTexts) -> torch.Tensor:
        """One unit vector a class (K, D) from all its prompts, as `beauty_vlm.models.tagger` makes them."""
        means = [self.text_embeddings(texts).mean(dim=0) for texts in classes.texts]
        return functional.normalize(torch.stack(means), dim=-1)

    def validation_logits(self, strongly: bool = False) -> dict[str, Logits]:
        """Zero-shot logits and true classes for each question: of the validation part, or of strong views of it."""
        views = calibration.Views(self.validation)
        if strongly:
            views = calibration.Views.strong(self.validation, self.strong, self.strong_restaging)
        images = torch.cat([self.embed_images(self.placed(prepared(pixels))) for pixels in views.batches(self.size)])
        truth = self.placed(truths(self.validation, views.rows, self.heads))
        return {
            name: (self.scale() * images @ self.class_embeddings(classes).T, truth[name])
            for name, classes in self.heads.items()
        }

    def metrics(self) -> dict[str, float]:
        """Zero-shot accuracies on renders never trained on: types (top 1, top 3), finishes, packaging, visibility; and
        the geometric mean of the true types' calibrated probabilities, which tells checkpoints apart better than top 1.
        """
        found = self.validation_logits()
        types, truth = found["types"]
        in_three = types.topk(3, dim=1).indices == truth[:, None]
        calibrated = types / calibration.fitted_temperature(types, truth)
        return {
            "likelihood": float(functional.cross_entropy(calibrated, truth).neg().exp()),
            "top1": accuracy(*found["types"]),
            "top3": float(in_three.any(dim=1).float().mean()),
            "finish_top1": accuracy(*found["finishes"]),
            "material_top1": accuracy(*found["materials"]),
            "state_top1": accuracy(*found["states"]),
            "visibility_top1": accuracy(*found["visibilities"]),
            "scale": float(self.scale()),
        }

    @torch.no_grad()
    def calibration(self) -> Calibration:
        """How the scores are to be read, from the validation part and strongly augmented views of it."""
        self.model.eval()
        return calibration.fit(
            self.validation_logits(strongly=True), self.validation_logits()["types"], self.types.labels
        )

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
        calibration.write(self.calibration(), folder)


def full_precision() -> torch.autocast:
    """Float32 inside autocast. The projections start by taking out the towers' common direction: what is left is small
    against it, and bfloat16's 8 bits would drown it.
    """
    return torch.autocast("cuda" if torch.cuda.is_available() else "cpu", enabled=False)


def accuracy(logits: torch.Tensor, truth: torch.Tensor) -> float:
    """The share of known classes (N; -1 unknown) that have the highest logit (N, K); 0 where none is known."""
    hits = (logits.argmax(dim=1) == truth)[truth >= 0]
    return float(hits.float().mean()) if len(hits) else 0.0


def main() -> None:
    """Train by the command line; the model lies in OUT/model afterwards."""
    chosen = options(parser("tagger").parse_args())
    try:
        parts = load(chosen.data, "train"), load(chosen.data, "validation")
        trainer = TaggerTrainer(read_recipe(chosen.recipe, "tagger"), chosen, *parts)
    except (DataMissing, WeightsMissing) as error:
        raise SystemExit(str(error)) from None
    trainer.finish()


if __name__ == "__main__":
    main()
