"""Loads each model once: which one, with which adapter, on which device, at which precision.

This module and those that only it uses (`loading`, `source`, `precision`) are the one place that knows hubs,
devices and quantization. It is light to import; torch comes with the first model.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import warnings
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

from beauty_vlm.models.batching import MOST as AT_ONCE
from beauty_vlm.models.worker import Worker

if TYPE_CHECKING:
    from beauty_vlm.models.captioner import Captioner
    from beauty_vlm.models.precision import Precision
    from beauty_vlm.models.segmenter import Segmenter
    from beauty_vlm.models.tagger import Tagger

EMBEDDED_ADAPTER = "captioner-lora"
Quantize = Literal["auto", "none", "bf16", "int8", "nf4"]
AdapterMode = Literal["auto", "merged", "apart"]
PRECISIONS: tuple[Quantize, ...] = get_args(Quantize)
ADAPTER_MODES: tuple[AdapterMode, ...] = get_args(AdapterMode)

# bitsandbytes, where it is imported, warns of an optional kernel that nothing here needs.
logging.getLogger("bitsandbytes.backends.cpu.ops").setLevel(logging.ERROR)
# peft asks transformers for a property by its old name.
warnings.filterwarnings("ignore", message="`is_gradient_checkpointing` is deprecated", category=FutureWarning)

Model = TypeVar("Model")
Result = TypeVar("Result")


class ModelUnavailable(Exception):
    """A model cannot be had; the message is one plain sentence that names the way out."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Which models to use, and how.

    `captioner` and `tagger` are a profile's name, a local folder or a hub name; `adapter` is a PEFT folder or
    hub name, "none", or "embedded", which stands for ours and applies to the embedded captioner only.
    `device` is auto, cpu, cuda or mps. `quantize` is one of PRECISIONS and concerns the captioner: the other two models
    are small. `adapter_mode`, one of ADAPTER_MODES, says whether the adapter is merged into the weights before they are
    quantized, or stays apart from them, as in QLoRA.
    """

    captioner: str = "embedded"
    adapter: str = "embedded"
    tagger: str = "embedded"
    device: str = "auto"
    quantize: str = "auto"
    adapter_mode: str = "auto"

    @classmethod
    def from_environment(cls) -> Settings:
        """The settings in BEAUTY_VLM_CAPTIONER, _ADAPTER, _TAGGER, _DEVICE, _QUANTIZE, _ADAPTER_MODE; the default
        where unset.
        """
        values = {name: os.environ.get(f"BEAUTY_VLM_{name.upper()}", "").strip() for name in cls.__dataclass_fields__}
        return cls(**{name: value for name, value in values.items() if value})

    @property
    def adapter_name(self) -> str | None:
        """The adapter to load. Our own belongs to the embedded captioner; others have one only by name."""
        if self.adapter == "none" or (self.adapter == "embedded" and self.captioner != "embedded"):
            return None
        return self.adapter


class Loader:
    """Loads each model once, when it is first asked for. Safe to use from several threads."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._loaded: dict[str, Any] = {}
        self._precision: Precision | None = None  # what "auto" comes to is known once the captioner is loaded
        # One lock for all models: transformers changes torch's default dtype while it loads.
        self._lock = threading.Lock()
        self._worker = Worker()

    def compute(self, work: Callable[[], Result]) -> Result:
        """What `work`, which uses the models, returns or raises: done where these compute best.

        On CUDA that is the caller's thread, so that those that meet go as one batch; elsewhere one thread for all
        calls. Raises ModelUnavailable for a wrong device.
        """
        return work() if self.parallel else self._worker(work)

    @property
    def parallel(self) -> bool:
        """Whether models that work side by side are faster than one after the other: on CUDA. Raises ModelUnavailable
        for a wrong device.
        """
        from beauty_vlm.models import precision

        return precision.resolve_device(self._settings.device) == "cuda"

    @property
    def is_own_captioner(self) -> bool:
        """Whether the captioner is the embedded one with its adapter, whose agreement is known to tell something."""
        return (self._settings.captioner, self._settings.adapter) == ("embedded", "embedded")

    @cached_property
    def at_once(self) -> int:
        """How many photos it pays to work on at once: on CUDA those that meet go as one batch, elsewhere it is one.

        Asked before the first page: torch, which takes seconds to import, is asked only where it may see a GPU.
        """
        device = self._settings.device
        if device == "auto":
            device = "cuda" if _has_nvidia_driver() and self.parallel else "cpu"
        return AT_ONCE if device.startswith("cuda") else 1

    @property
    def settings(self) -> Settings:
        """What is loaded, or to be loaded."""
        return self._settings

    def requantize(self, mode: str) -> str:
        """Load the captioner anew at a precision of PRECISIONS, for all who use it; the sentence that says why it
        computes as it does. Raises ModelUnavailable, and goes on with the one before.
        """
        return self.compute(lambda: self._requantize(mode))

    def _requantize(self, mode: str) -> str:
        from beauty_vlm.models import loading

        with self._lock:
            wanted = replace(self._settings, quantize=mode)
            captioner, self._precision = loading.load_captioner(wanted)
            self._loaded["captioner"], self._settings = captioner, wanted
        return self._precision.reason

    def captioner(self) -> Captioner:
        """The captioner with its adapter. Raises ModelUnavailable."""
        return self._once("captioner", self._load_captioner)

    def tagger(self) -> Tagger:
        """The zero-shot tagger. Raises ModelUnavailable."""
        return self._once("tagger", self._load_tagger)

    def segmenter(self) -> Segmenter:
        """The segmenter. Raises ModelUnavailable."""
        return self._once("segmenter", self._load_segmenter)

    def warm_up(self) -> str:
        """Load all models and let each look at an empty picture, so that the first photo finds everything ready.

        Returns one sentence on the captioner's precision and why it. Raises ModelUnavailable.
        """
        return self.compute(self._warm_up)

    def _warm_up(self) -> str:
        from PIL import Image

        picture = Image.new("RGB", (64, 64), "white")
        tagger, segmenter, captioner = self.tagger(), self.segmenter(), self.captioner()
        embedding = tagger.embed(picture)
        for question in (
            tagger.product_type, tagger.finish, tagger.packaging_material, tagger.packaging_state, tagger.shade_visible
        ):  # fmt: skip
            question(embedding)
        segmenter.regions(picture)
        captioner.caption(picture, "short")
        return f"Precision {self.names()['precision']}"

    def names(self) -> dict[str, str]:
        """Models, device and precision in words, for the record.

        Once the captioner is loaded, "precision" says in one sentence why it computes as it does. Raises
        ModelUnavailable for a wrong device.
        """
        from beauty_vlm.models import precision

        adapter = self._settings.adapter_name
        if adapter == "embedded":
            adapter = EMBEDDED_ADAPTER
        names = {
            "captioner": self._settings.captioner + (f" + {adapter}" if adapter else ""),
            "tagger": self._settings.tagger,
            "segmenter": "embedded",
            "device": precision.resolve_device(self._settings.device),
            "quantize": self._precision.mode if self._precision else self._settings.quantize,
        }
        return names | ({"precision": self._precision.reason} if self._precision else {})

    def _once(self, role: str, load: Callable[[], Model]) -> Model:
        if role not in self._loaded:
            with self._lock:
                if role not in self._loaded:
                    self._loaded[role] = load()
        model: Model = self._loaded[role]
        return model

    def _load_captioner(self) -> Captioner:
        from beauty_vlm.models import loading

        captioner, self._precision = loading.load_captioner(self._settings)
        return captioner

    def _load_tagger(self) -> Tagger:
        from beauty_vlm.models import loading

        return loading.load_tagger(self._settings)

    def _load_segmenter(self) -> Segmenter:
        from beauty_vlm.models import loading

        return loading.load_segmenter(self._settings)


def _has_nvidia_driver() -> bool:
    return find_library("nvcuda" if sys.platform == "win32" else "cuda") is not None
