"""The tagger: CLIP zero-shot classification over the vocabulary, or over labels that the user typed.

A class is the renormalised mean of the text embeddings of all its phrasings in all templates, after Radford
et al., 2021, section 3.1.4; open_clip's `zero_shot_classifier.py` is the model.
"""

from __future__ import annotations

import functools
import math
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import torch
from PIL import Image
from torch.nn import functional

from beauty_vlm.models import class_embeddings
from beauty_vlm.models.canvas import as_pixels, canvas_size
from beauty_vlm.models.opinion import Opinion
from beauty_vlm.models.picture import Picture, square
from beauty_vlm.report import ProductType, Score
from beauty_vlm.vocabulary import (
    OTHER,
    SHIMMER_FREE,
    finishes,
    packaging_materials,
    packaging_states,
    product_types,
    prompt_templates,
    shade_visibilities,
    shimmering,
    type_groups,
)

TOP = 5
LIKELY = 0.7  # probability from which a word is said of a photo where nothing was calibrated; below it a broader one is
SCORE_DIGITS = 4  # more would be noise of the arithmetic
MAX_LABELS = 200
MAX_LABEL_LENGTH = 100  # characters; CLIP reads 77 tokens
TEXT_BATCH = 64  # texts embedded at once: bounds the memory that 200 typed labels take
REMEMBERED_LABEL_SETS = 8  # typed label sets, usually the same one over a whole shelf of photos

VOCABULARY = (product_types, finishes, packaging_materials, packaging_states, shade_visibilities)  # of each question

Classes = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """How scores are read. Temperatures divide the logits.

    No product type is claimed where the photo is a beauty product (is not "other") with less than `product`; where that
    was not fitted, where the best type scores below `accept`. Below `likely` a broader word is said for the type.
    """

    temperature: float = 1.0
    finish_temperature: float = 1.0
    material_temperature: float = 1.0
    state_temperature: float = 1.0
    visibility_temperature: float = 1.0
    accept: float = 0.3
    likely: float = LIKELY
    product: float | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Calibration:
        """Read `calibration.json`; what it leaves out keeps its default. Raises TypeError or ValueError."""
        known = {name: float(data[name]) for name in cls.__dataclass_fields__ if name in data}
        calibration = cls(**known)
        if min(value for name, value in asdict(calibration).items() if name.endswith("temperature")) <= 0:
            raise ValueError("a temperature must be above zero")
        return calibration


class Tagger:
    """Names what a photo shows. Safe to call from several threads.

    Every method takes an image (RGB) or what `embed` made of it, so that a photo goes through the network
    once.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        image_processor: Any,
        calibration: Calibration | None = None,
        stored: Mapping[str, torch.Tensor] | None = None,
        with_texts: Callable[[], Any] | None = None,
    ) -> None:
        """`model` is a CLIPModel or a VisionTextDualEncoderModel. `stored` are class embeddings that need not be
        computed (`class_embeddings.read`); `with_texts` loads the model again where `model` came without its text
        tower, once texts are to be embedded.
        """
        self._model = model
        self._stored = stored or {}
        self._with_texts = with_texts
        self._tokenizer = tokenizer
        self._image_processor = image_processor
        self._calibration = calibration or Calibration()
        self._size = canvas_size(image_processor)
        self._lock = threading.RLock()
        self._typed_classes = functools.lru_cache(maxsize=REMEMBERED_LABEL_SETS)(self._embed_classes)

    def embed(self, photo: Image.Image | Picture, *closer: Image.Image) -> torch.Tensor:
        """The unit embedding (D,) of a photo, or the unit mean of those of the photo and closer views of it."""
        canvases = [square(view, self._size)[0] for view in (photo, *closer)]
        pixels = as_pixels(canvases, self._image_processor)
        with self._lock, torch.inference_mode():
            output = self._model.get_image_features(pixel_values=pixels.to(self._model.device, self._model.dtype))
            return functional.normalize(_unit(output).mean(dim=0), dim=0)

    def product_type(self, photo: Image.Image | torch.Tensor, second: Opinion | None = None) -> ProductType:
        """The vocabulary's best product type, pooled with a `second` opinion if there is one. Accepted unless it is, or
        too likely is, "other".
        """
        labels = [term.label for term in product_types()]
        ranked = self._rank(photo, labels, self._type_classes, self._calibration.temperature, second)
        best = ranked[0]
        accepted = best.label != OTHER and self._is_product(ranked, second)
        word = likely_word(ranked, self._calibration.likely)
        return ProductType(best.label, best.score, accepted, tuple(ranked[:TOP]), word)

    def _is_product(self, ranked: Sequence[Score], second: Opinion | None) -> bool:
        least = second.pool.product if second else self._calibration.product
        if least is None:
            return ranked[0].score >= self._calibration.accept
        other = next(score.score for score in ranked if score.label == OTHER)
        return 1 - other >= least

    def finish(self, photo: Image.Image | torch.Tensor) -> Score:
        """The vocabulary's best finish."""
        return self._finishes(photo)[0]

    def shimmer_free(self, photo: Image.Image | torch.Tensor) -> Score:
        """SHIMMER_FREE, and the probability that the finish is none of those that shimmer."""
        shares = (score.score for score in self._finishes(photo) if score.label not in shimmering())
        return Score(SHIMMER_FREE, round(min(sum(shares), 1.0), SCORE_DIGITS))

    def _finishes(self, photo: Image.Image | torch.Tensor) -> list[Score]:
        labels = [term.label for term in finishes()]
        return self._rank(photo, labels, self._finish_classes, self._calibration.finish_temperature)

    def packaging_material(self, photo: Image.Image | torch.Tensor) -> Score:
        """What the vocabulary says that the package is likeliest made of."""
        labels = [term.label for term in packaging_materials()]
        return self._rank(photo, labels, self._material_classes, self._calibration.material_temperature)[0]

    def packaging_state(self, photo: Image.Image | torch.Tensor) -> Score:
        """The likeliest of the vocabulary's states: open, closed, a swatch without a package, or worn."""
        labels = [term.label for term in packaging_states()]
        return self._rank(photo, labels, self._state_classes, self._calibration.state_temperature)[0]

    def shade_visible(self, photo: Image.Image | torch.Tensor) -> Score:
        """The vocabulary's label for a shade that can be seen, and its probability."""
        labels = [term.label for term in shade_visibilities()]
        ranked = self._rank(photo, labels, self._visibility_classes, self._calibration.visibility_temperature)
        return next(score for score in ranked if score.label == labels[0])

    def classify(self, photo: Image.Image | torch.Tensor, labels: Sequence[str]) -> list[Score]:
        """Score labels of the user's own against each other, best first.

        Blank and repeated labels are left out. Raises ValueError, one plain sentence, when none is left, when
        there are more than MAX_LABELS, or when one is longer than MAX_LABEL_LENGTH characters.
        """
        wanted = _checked_labels(labels)
        classes = self._typed_classes(tuple((label,) for label in wanted))
        return self._rank(photo, wanted, classes, self._calibration.temperature)

    def similarity(self, photo: Image.Image | torch.Tensor, text: str) -> float:
        """The cosine of a photo's and a text's embeddings, -1..1."""
        embedding = photo if isinstance(photo, torch.Tensor) else self.embed(photo)
        with self._lock, torch.inference_mode():
            return float(self._embed_texts([text])[0] @ embedding)

    def vocabulary_embeddings(self) -> dict[str, torch.Tensor]:
        """The classes of every built-in question, as `class_embeddings.write` stores them."""
        found = {}
        for terms in VOCABULARY:
            classes = tuple(term.phrasings for term in terms())
            texts, sizes = _prompts(classes)
            found[class_embeddings.key(texts, sizes)] = self._embed_classes(classes)
        return found

    @functools.cached_property
    def _type_classes(self) -> torch.Tensor:
        return self._embed_classes(tuple(term.phrasings for term in product_types()))

    @functools.cached_property
    def _finish_classes(self) -> torch.Tensor:
        return self._embed_classes(tuple(term.phrasings for term in finishes()))

    @functools.cached_property
    def _material_classes(self) -> torch.Tensor:
        return self._embed_classes(tuple(term.phrasings for term in packaging_materials()))

    @functools.cached_property
    def _state_classes(self) -> torch.Tensor:
        return self._embed_classes(tuple(term.phrasings for term in packaging_states()))

    @functools.cached_property
    def _visibility_classes(self) -> torch.Tensor:
        return self._embed_classes(tuple(term.phrasings for term in shade_visibilities()))

    def _rank(
        self,
        photo: Image.Image | torch.Tensor,
        labels: Sequence[str],
        classes: torch.Tensor,
        temperature: float,
        second: Opinion | None = None,
    ) -> list[Score]:
        """The softmax over `classes` (N, D) of the scaled cosines to the photo, pooled with a second opinion on them if
        there is one; best first.
        """
        embedding = photo if isinstance(photo, torch.Tensor) else self.embed(photo)
        logits = math.exp(float(self._model.logit_scale.detach())) * (classes @ embedding)
        if second:
            logits = second.pool.own * logits + second.pool.other * second.log_probabilities
        else:
            logits = logits / temperature
        shares = logits.softmax(dim=0).tolist()
        scores = [Score(label, round(share, SCORE_DIGITS)) for label, share in zip(labels, shares, strict=True)]
        return sorted(scores, key=lambda score: -score.score)

    def _embed_classes(self, classes: Classes) -> torch.Tensor:
        """One unit vector per class (N, D), from every phrasing of the class in every template."""
        texts, sizes = _prompts(classes)
        stored = self._stored.get(class_embeddings.key(texts, sizes))
        if stored is not None:
            return stored
        with self._lock, torch.inference_mode():
            embeddings = torch.cat(
                [self._embed_texts(texts[at : at + TEXT_BATCH]) for at in range(0, len(texts), TEXT_BATCH)]
            )
            means = torch.stack([part.mean(dim=0) for part in embeddings.split(sizes)])
            return functional.normalize(means, dim=-1)

    def _embed_texts(self, texts: list[str]) -> torch.Tensor:
        model = self._text_model
        longest = model.config.text_config.max_position_embeddings
        inputs = self._tokenizer(texts, padding=True, truncation=True, max_length=longest, return_tensors="pt")
        return _unit(
            model.get_text_features(
                input_ids=inputs["input_ids"].to(model.device),
                attention_mask=inputs["attention_mask"].to(model.device),
            )
        )

    @functools.cached_property
    def _text_model(self) -> Any:
        return self._with_texts() if self._with_texts else self._model


def likely_word(ranked: Sequence[Score], likely: float = LIKELY) -> Score:
    """The narrowest word for the best label, it or a group that holds it, of probability `likely`; else the broadest.

    `ranked` holds the scores of all product types, best first.
    """
    best = ranked[0]
    words = [best]
    for group in type_groups():
        if best.label in group.types:
            share = sum(score.score for score in ranked if score.label in group.types)
            words.append(Score(group.name, round(min(share, 1.0), SCORE_DIGITS)))
    return next((word for word in words if word.score >= likely), words[-1])


def _prompts(classes: Classes) -> tuple[list[str], list[int]]:
    """Every phrasing in every template, and how many of them each class has."""
    templates = prompt_templates()
    texts = [template.format(phrase) for phrases in classes for phrase in phrases for template in templates]
    return texts, [len(phrases) * len(templates) for phrases in classes]


def _unit(output: Any) -> torch.Tensor:
    """Unit float32 embeddings on the CPU, of a tensor or of the output object that transformers 5 returns."""
    features = output if isinstance(output, torch.Tensor) else output.pooler_output
    return functional.normalize(features.float(), dim=-1).cpu()


def _checked_labels(labels: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(cleaned for label in labels if (cleaned := " ".join(label.split()))))
    if not wanted:
        raise ValueError("Give at least one label.")
    if len(wanted) > MAX_LABELS:
        raise ValueError(f"Give at most {MAX_LABELS} labels; these are {len(wanted)}.")
    longest = max(wanted, key=len)
    if len(longest) > MAX_LABEL_LENGTH:
        raise ValueError(f"A label may have at most {MAX_LABEL_LENGTH} characters; one has {len(longest)}.")
    return wanted
