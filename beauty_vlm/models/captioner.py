"""The captioner: any BLIP that writes captions, asked for one of three lengths."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from PIL import Image

from beauty_vlm.models.canvas import canvas_size, square
from beauty_vlm.report import Length

LENGTHS: tuple[Length, ...] = ("short", "normal", "detailed")


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


class Captioner:
    """Describes a photo in one sentence or more. Deterministic; safe to call from several threads."""

    def __init__(self, model: Any, tokenizer: Any, image_processor: Any, styles: CaptionStyles = PUBLISHED) -> None:
        """`model` is a BlipForConditionalGeneration, with or without a PEFT adapter around it."""
        self._model = model
        self._tokenizer = tokenizer
        self._image_processor = image_processor
        self._styles = styles
        self._size = canvas_size(image_processor)
        self._lock = threading.Lock()

    def caption(self, image: Image.Image, length: Length = "normal") -> str:
        """What the model says of `image` (RGB), tidied but not checked: it may be wrong, or empty."""
        style: Style = getattr(self._styles, length)
        canvas, _ = square(image, self._size)
        pixels = self._image_processor(canvas, return_tensors="pt")["pixel_values"]
        # [CLS] words [SEP]: `generate` turns the first into [BOS] and drops the last.
        prompt = self._tokenizer(style.prompt, return_tensors="pt")["input_ids"]
        spoken = prompt.shape[1] - 1
        text_config = self._model.config.text_config
        room = text_config.max_position_embeddings - spoken
        with self._lock, torch.inference_mode():
            tokens = self._model.generate(
                pixel_values=pixels.to(self._model.device, self._model.dtype),
                input_ids=prompt.to(self._model.device),
                min_new_tokens=min(style.min_new_tokens, room),
                max_new_tokens=min(style.max_new_tokens, room),
                num_beams=self._styles.num_beams,
                repetition_penalty=self._styles.repetition_penalty,
                do_sample=False,
            )
        # By tokens: the prompt's text need not come back as it went in.
        return tidy(self._tokenizer.decode(tokens[0, spoken:], skip_special_tokens=True))


def tidy(text: str) -> str:
    """Join what a word-piece vocabulary keeps apart: "a lip gloss , the brand ' s" -> "a lip gloss, the
    brand's".
    """
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([.,;:!?%)\]])", r"\1", text)
    text = re.sub(r"([(\[#])\s+", r"\1", text)
    text = re.sub(r"(?<=\w) ?' ?(s|t|re|ve|ll|d|m)\b", r"'\1", text)
    return re.sub(r"(?<=\w) - (?=\w)", "-", text)
