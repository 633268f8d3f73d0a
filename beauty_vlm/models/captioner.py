"""The captioner: any BLIP that writes captions, asked for one of three lengths."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image

from beauty_vlm.models.batching import Batcher
from beauty_vlm.models.canvas import as_pixels, canvas_size
from beauty_vlm.models.decoding import Hypothesis, Search, tell
from beauty_vlm.models.layers import Convert
from beauty_vlm.models.network import CaptionNetwork
from beauty_vlm.models.opinion import Opinion, TypeHead
from beauty_vlm.models.picture import Picture, square
from beauty_vlm.report import Length

LENGTHS: tuple[Length, ...] = ("short", "normal", "detailed")
Asked = tuple[Length, int]  # how long, and how many


@dataclass(frozen=True, slots=True)
class Style:
    """How one length is asked for: the words put in front of the caption, and how many tokens may follow."""

    prompt: str
    min_new_tokens: int
    max_new_tokens: int


@dataclass(frozen=True, slots=True)
class CaptionStyles:
    """The three lengths of one captioner. `num_beams` 1 is greedy search."""

    short: Style
    normal: Style
    detailed: Style
    num_beams: int
    repetition_penalty: float = 1.0

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CaptionStyles:
        """Read `captioner.json`, which training writes beside a model or an adapter that was taught prompts.

        Raises KeyError, TypeError or ValueError when it is not of the form
        {"prompts": {length: words}, "max_new_tokens": {length: count}, "num_beams": count}.
        """
        prompts, most = data["prompts"], data["max_new_tokens"]
        short, normal, detailed = (Style(str(prompts[length]), 0, int(most[length])) for length in LENGTHS)
        return cls(short, normal, detailed, num_beams=int(data["num_beams"]))


# A published captioner was taught no prompts and stops after some ten tokens. Only a floor makes it say more,
# and with a floor it repeats itself unless that is penalised (1.2: Keskar et al., 2019, section 4.1).
PUBLISHED = CaptionStyles(
    short=Style("", 0, 14),
    normal=Style("", 10, 32),
    detailed=Style("", 24, 64),
    num_beams=3,
    repetition_penalty=1.2,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One caption, tidied, and the mean log probability of its tokens, the end included (natural logarithm).

    Where the style penalises repetition, the penalty is in it.
    """

    text: str
    log_probability: float


class Captioner:
    """Describes a photo in one sentence or more. Deterministic; safe to call from several threads."""

    def __init__(
        self,
        model: Any,
        tokenizer: Any,
        image_processor: Any,
        styles: CaptionStyles = PUBLISHED,
        convert: Convert | None = None,
        types: TypeHead | None = None,
    ) -> None:
        """`model` is a BlipForConditionalGeneration, with or without a PEFT adapter around it; of its linear layers
        `convert` makes those that compute. `types` reads product types off what its vision tower sees.
        """
        self.network = CaptionNetwork(model, convert)
        self._tokenizer = tokenizer
        self._image_processor = image_processor
        self._styles = styles
        self._size = canvas_size(image_processor)
        self._lock = threading.Lock()
        self._types = types
        # On the processor a batch takes as long as its photos one by one.
        on_gpu = self.network.device.type == "cuda"
        self._looks = Batcher(self._look) if on_gpu else None
        self._batcher = Batcher(self._describe) if on_gpu else None

    @property
    def normalisation(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """The mean and the standard deviation of red, green and blue, 0..1, by which pixels are made the network's."""
        processor = self._image_processor
        return tuple(processor.image_mean), tuple(processor.image_std)

    def look(self, photo: Image.Image | Picture) -> torch.Tensor:
        """What the vision tower sees of `photo` (RGB): states (P + 1, W), on the model's device."""
        pixels = self.pixels(photo)
        return self._looks(None, pixels) if self._looks else self._look(None, [pixels])[0]

    def opinion(self, photo: Image.Image | torch.Tensor) -> Opinion | None:
        """What the vision tower says of the product type; None where it was not taught to. `photo` is an image (RGB) or
        what `look` made of it.
        """
        return self._types(self._seen(photo)) if self._types else None

    def caption(self, image: Image.Image, length: Length = "normal") -> str:
        """What the model says of `image` (RGB), tidied but not checked: it may be wrong, or empty."""
        return self.candidates(image, length, 1)[0].text

    def captions(self, images: Sequence[Image.Image], length: Length = "normal") -> list[str]:
        """`caption` of several images (RGB), in one batch."""
        if not images:
            return []
        looks = self._look(None, [self.pixels(image) for image in images])
        return [candidates[0].text for candidates in self._describe((length, 1), looks)]

    def candidates(
        self, photo: Image.Image | torch.Tensor, length: Length = "normal", count: int = 1
    ) -> tuple[Candidate, ...]:
        """The `count` captions of a photo that the search ends with, best first, of distinct texts.

        `photo` is an image (RGB) or what `look` made of it. They are fewer when several end in the same text. At least
        `count` beams are searched. Raises ValueError when `count` is below 1.
        """
        if count < 1:
            raise ValueError("At least one caption must be asked for.")
        asked, seen = (length, count), self._seen(photo)
        found = self._batcher(asked, seen) if self._batcher else self._describe(asked, [seen])[0]
        return found[:count]

    def pixels(self, photo: Image.Image | Picture) -> torch.Tensor:
        """What the network sees of `photo` (RGB), (3, size, size)."""
        canvas, _ = square(photo, self._size)
        return as_pixels([canvas], self._image_processor)[0]

    def _seen(self, photo: Image.Image | torch.Tensor) -> torch.Tensor:
        return photo if isinstance(photo, torch.Tensor) else self.look(photo)

    def _look(self, _: None, pixels: Sequence[torch.Tensor]) -> list[torch.Tensor]:
        """The states of each photo."""
        batch = torch.stack(list(pixels))
        if self.network.device.type == "cuda":
            batch = batch.pin_memory().to(self.network.device, non_blocking=True)
        with self._lock, torch.inference_mode():
            return list(self.network.look(batch))

    def _describe(self, asked: Asked, looks: Sequence[torch.Tensor]) -> list[tuple[Candidate, ...]]:
        """The candidates of each photo."""
        length, count = asked
        with self._lock:
            found = tell(self.network, torch.stack(list(looks)), self.prompt(length), self.plan(length, count))
        return [self._candidates(hypotheses) for hypotheses in found]

    def prompt(self, length: Length) -> torch.Tensor:
        """[BOS] and the words that come before the caption. The tokenizer's are [CLS] words [SEP]."""
        style: Style = getattr(self._styles, length)
        prompt: torch.Tensor = self._tokenizer(style.prompt, return_tensors="pt")["input_ids"][0, :-1]
        prompt[0] = self.network.config.text_config.bos_token_id
        return prompt

    def plan(self, length: Length, count: int = 1) -> Search:
        """How captions of this length are looked for, within the positions that the network knows."""
        style: Style = getattr(self._styles, length)
        text_config = self.network.config.text_config
        room = text_config.max_position_embeddings - len(self.prompt(length))
        return Search(
            max_new_tokens=min(style.max_new_tokens, room),
            min_new_tokens=min(style.min_new_tokens, room),
            beams=max(self._styles.num_beams, count),
            repetition_penalty=self._styles.repetition_penalty,
        )

    def _candidates(self, hypotheses: Sequence[Hypothesis]) -> tuple[Candidate, ...]:
        best: dict[str, float] = {}
        for hypothesis in hypotheses:
            text = tidy(self._tokenizer.decode(list(hypothesis.tokens), skip_special_tokens=True))
            best.setdefault(text, hypothesis.score)
        return tuple(Candidate(text, score) for text, score in best.items())


def tidy(text: str) -> str:
    """Join what a word-piece vocabulary keeps apart: "a lip gloss , the brand ' s" -> "a lip gloss, the
    brand's".
    """
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([.,;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[#])\s+", r"\1", text)
    text = re.sub(r"(?<=\w) ?' ?(s|t|re|ve|ll|d|m)\b", r"'\1", text)
    return re.sub(r"(?<=\w) - (?=\w)", "-", text)
