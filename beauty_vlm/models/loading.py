"""Reads the three models from their files. Only `loader` and the benchmark use this module.

Only safetensors are read, never a pickle, and no code that comes with a model is run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
import transformers
from torch import nn

from beauty_vlm.models import class_embeddings, convolutions, lora, opinion, precision
from beauty_vlm.models.captioner import PUBLISHED, Captioner, CaptionStyles
from beauty_vlm.models.layers import Convert
from beauty_vlm.models.loader import ADAPTER_MODES, ModelUnavailable, Settings
from beauty_vlm.models.opinion import TypeHead
from beauty_vlm.models.precision import Precision
from beauty_vlm.models.segmentation_network import BeautySegmenter
from beauty_vlm.models.segmenter import Segmenter
from beauty_vlm.models.source import Source, locate
from beauty_vlm.models.tagger import Calibration, Tagger
from beauty_vlm.vocabulary import product_types

KINDS: dict[str, dict[str, Any]] = {  # by role, then by the model_type in config.json
    "captioner": {"blip": transformers.BlipForConditionalGeneration},
    "tagger": {
        "clip": transformers.CLIPModel,
        "vision-text-dual-encoder": transformers.VisionTextDualEncoderModel,
    },
    "segmenter": {"beauty_segmenter": BeautySegmenter},
}
ADAPTER_WEIGHTS = "adapter_model.safetensors"
STYLES_FILE = "captioner.json"
CALIBRATION_FILE = "calibration.json"

transformers.utils.logging.disable_progress_bar()  # it would write over the shell's own output


@dataclass(frozen=True, slots=True)
class CaptionerParts:
    """What a captioner is made of. `model` is transformers', at its precision but for layers to `convert`."""

    model: Any
    tokenizer: Any
    image_processor: Any
    styles: CaptionStyles
    precision: Precision
    convert: Convert | None
    types: TypeHead | None = None

    def captioner(self) -> Captioner:
        """The captioner. It shares weights with `model`."""
        return Captioner(self.model, self.tokenizer, self.image_processor, self.styles, self.convert, self.types)


def load_captioner(settings: Settings) -> tuple[Captioner, Precision]:
    """The captioner with its adapter, and the precision that "auto" came to. Raises ModelUnavailable."""
    parts = captioner_parts(settings)
    if parts.convert is not None:  # nobody else has the model: of each layer only one kind of weights need stay
        parts = replace(parts, convert=_giving_up(parts.convert))
    return parts.captioner(), parts.precision


def captioner_parts(settings: Settings) -> CaptionerParts:
    """The captioner's model with its adapter, and what goes with it. Raises ModelUnavailable."""
    source = locate("captioner", settings.captioner)
    kind, device = _kind(source), precision.resolve_device(settings.device)
    adapter = locate("adapter", settings.adapter_name) if settings.adapter_name else None
    with source.guarded():
        chosen = precision.resolve_mode(settings.quantize, device, _count_parameters(source, kind))
        mode = chosen.mode
        tokenizer = source.read(transformers.AutoTokenizer, trust_remote_code=False)
        image_processor = source.read(transformers.BlipImageProcessorPil)
        merge, options = _merges(settings.adapter_mode, mode, device), precision.loading_options(mode, device)
        first = {"dtype": torch.float32} if adapter and merge else options
        model = _weights(source, kind, **first)
        styles = source.json(STYLES_FILE)
    if adapter:
        with adapter.guarded():
            model = _adapt(model, adapter, merge)
            styles = adapter.json(STYLES_FILE) or styles
        if first != options:
            model = _quantized(model, kind, options)
    # It was fitted to one tower, with the adapter or without, and to be pooled with our own tagger.
    types = _types(adapter or source) if settings.tagger == "embedded" else None
    with source.guarded():
        model = precision.place(model.eval(), mode, device)
        spoken, convert = CaptionStyles.from_json(styles) if styles else PUBLISHED, precision.layers(mode, device)
        return CaptionerParts(model, tokenizer, image_processor, spoken, chosen, convert, types)


def plain_tagger(settings: Settings) -> tuple[Any, Any]:
    """The tagger's model as transformers has it, in fp32, and its image processor. Raises ModelUnavailable."""
    source = locate("tagger", settings.tagger)
    kind, device = _kind(source), precision.resolve_device(settings.device)
    with source.guarded():
        model = _weights(source, kind, dtype=torch.float32).eval().to(device)
        return model, source.read(transformers.CLIPImageProcessorPil)


def load_tagger(settings: Settings, use_stored: bool = True) -> Tagger:
    """The zero-shot tagger. Where its classes are stored beside it and are to be used, its text tower is loaded once
    a text is to be embedded. Raises ModelUnavailable.
    """
    source = locate("tagger", settings.tagger)
    kind, device = _kind(source), precision.resolve_device(settings.device)
    folder = Path(source.place)

    def whole() -> Any:
        with source.guarded():
            return _weights(source, kind, dtype=torch.float32).eval().to(device)

    def with_texts() -> Any:
        model = whole()
        model.vision_model = None
        return model

    with source.guarded():
        tokenizer = source.read(transformers.AutoTokenizer, trust_remote_code=False)
        image_processor = source.read(transformers.CLIPImageProcessorPil)
        calibration = Calibration.from_json(source.json(CALIBRATION_FILE) or {})
        stored = class_embeddings.read(folder) if use_stored and folder.is_dir() else {}
        model = whole()
        if isinstance(model.vision_model, transformers.EfficientNetModel):
            convolutions.arrange(model.vision_model)
        if not stored:
            return Tagger(model, tokenizer, image_processor, calibration)
        model.text_model = model.text_projection = None
        return Tagger(model, tokenizer, image_processor, calibration, stored, with_texts)


def write_class_embeddings(folder: Path) -> Path:
    """Compute the vocabulary's class embeddings by the tagger in `folder` and store them there, for `load_tagger`.

    To be done whenever its weights or the vocabulary change; until then they are computed at every start. Returns the
    file. Raises ModelUnavailable.
    """
    tagger = load_tagger(Settings(tagger=str(folder), device="cpu"), use_stored=False)
    return class_embeddings.write(folder, tagger.vocabulary_embeddings())


def load_segmenter(settings: Settings) -> Segmenter:
    """The segmenter, always our own: no published one knows its classes. Raises ModelUnavailable."""
    source = locate("segmenter", "embedded")
    kind, device = _kind(source), precision.resolve_device(settings.device)
    with source.guarded():
        image_processor = source.read(transformers.CLIPImageProcessorPil)
        model = _weights(source, kind, dtype=torch.float32).to(device)
        convolutions.arrange_segmenter(model)
        return Segmenter(model, image_processor)


def _merges(wanted: str, mode: str, device: str) -> bool:
    """Whether the adapter is merged into the weights. Raises ModelUnavailable.

    By "auto" beside weights that bitsandbytes quantizes it stays apart, as in QLoRA, where it was trained beside such
    weights. In all other modes it is merged and costs nothing afterwards.
    """
    if wanted not in ADAPTER_MODES:
        known = ", ".join(ADAPTER_MODES)
        raise ModelUnavailable(f"The adapter mode {wanted!r} is not known: choose one of {known} (--adapter-mode).")
    return not precision.uses_bitsandbytes(mode, device) if wanted == "auto" else wanted == "merged"


def _quantized(model: Any, kind: Any, options: dict[str, Any]) -> Any:
    """A model loaded anew by these options: bitsandbytes quantizes weights as they are read."""
    with TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        return kind.from_pretrained(folder, use_safetensors=True, **options)


def _types(source: Source) -> TypeHead | None:
    with source.guarded():
        path = source.file(opinion.FILE)
        return opinion.read(path, [term.label for term in product_types()]) if path else None


def _giving_up(convert: Convert) -> Convert:
    """`convert` that takes the weights from the layer that it was given, so that both are never held of the whole
    model.
    """

    def take(linear: nn.Linear) -> nn.Module:
        converted = convert(linear)
        linear.register_parameter("weight", None)
        return converted

    return take


def _kind(source: Source) -> Any:
    """The class for the model_type in config.json. Raises ModelUnavailable when it cannot play the role."""
    with source.guarded():
        model_type = (source.json("config.json") or {}).get("model_type")
    kinds = KINDS[source.role]
    if model_type not in kinds:
        raise source.unavailable(f"is a model of type {model_type!r}, not {' or '.join(kinds)}")
    return kinds[model_type]


def _count_parameters(source: Source, kind: Any) -> int:
    """Counted on the meta device, which holds no weights."""
    with torch.device("meta"):
        return int(kind(source.read(kind.config_class)).num_parameters())


def _weights(source: Source, kind: Any, **options: Any) -> Any:
    model, found = source.read(kind, use_safetensors=True, output_loading_info=True, **options)
    if found["missing_keys"]:  # transformers would fill them with random numbers
        raise ValueError(f"weights are missing: {sorted(found['missing_keys'])[:3]}")
    return model


def _adapt(model: Any, adapter: Source, merge: bool) -> Any:
    """`model` with the PEFT adapter. Raises ValueError when a weight of the adapter is missing or finds no
    place.
    """
    weights = adapter.file(ADAPTER_WEIGHTS)
    if weights is None:  # PEFT would go on to look for a pickle
        raise ValueError(f"there is no {ADAPTER_WEIGHTS}")
    plain = adapter.json(adapter.first_file) or {}
    if merge and lora.merge_plain(model, plain, weights):
        return model

    from peft import PeftConfig, PeftModel  # slow to import, and for unusual adapters only

    folder = str(weights.parent)
    config = PeftConfig.from_pretrained(folder)
    config.inference_mode = True
    adapted = PeftModel(model, config)
    result = adapted.load_adapter(folder, adapted.active_adapter)
    if strays := [*result.missing_keys, *result.unexpected_keys]:
        raise ValueError(f"the adapter does not fit: {strays[:3]}")
    return adapted.merge_and_unload() if merge else adapted
