"""On which device a model runs, and with how many bits."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from transformers import BitsAndBytesConfig

from beauty_vlm.models.int8 import Int8Linear
from beauty_vlm.models.loader import PRECISIONS, ModelUnavailable
from beauty_vlm.models.packed import PackedLinear, can_pack
from beauty_vlm.models.processor import computes_bf16

DEVICES = ("auto", "cpu", "cuda", "mps")
# From here on quantized weights are worth their error: the published captioners have 224 million parameters and
# more, the embedded ones a tenth of this. On 150 sample renders int8 left 81% and bf16 93% of the embedded captioner's
# normal captions as they were.
LARGE_PARAMETERS = 100_000_000


@dataclass(frozen=True, slots=True)
class Precision:
    """One of PRECISIONS but "auto", and one sentence that says why it."""

    mode: str
    reason: str


def resolve_device(wanted: str) -> str:
    """The device that `wanted` means here. Raises ModelUnavailable when there is no such device."""
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return "cuda" if present["cuda"] else "cpu"  # on mps nothing was ever run: only as asked
    if wanted not in present:
        raise ModelUnavailable(f"The device {wanted!r} is not known: choose one of {', '.join(DEVICES)} (--device).")
    if not present[wanted]:
        raise ModelUnavailable(f"This machine has no usable {wanted} device: use the processor (--device cpu).")
    return wanted


def resolve_mode(wanted: str, device: str, parameters: int) -> Precision:
    """The precision that `wanted` means for a captioner of so many parameters on `device`.

    Raises ModelUnavailable when the machine cannot run the mode.
    """
    if wanted not in PRECISIONS:
        raise ModelUnavailable(
            f"The precision {wanted!r} is not known: choose one of {', '.join(PRECISIONS)} (--quantize)."
        )
    if wanted == "auto":
        return _best(device, parameters)
    if device == "mps" and wanted in ("int8", "nf4"):
        raise ModelUnavailable(f"The precision {wanted!r} does not run on mps: use none or bf16 (--quantize none).")
    if uses_bitsandbytes(wanted, device) and not _has_bitsandbytes():
        raise ModelUnavailable(
            f"The precision {wanted!r} needs the package bitsandbytes: install it, or do without (--quantize none)."
        )
    if device == "cpu" and wanted == "bf16" and not computes_bf16():
        raise ModelUnavailable(
            "This processor has no bf16 arithmetic (AVX-512-BF16 or AMX), which would make the precision 'bf16' slow: "
            "use int8 or none (--quantize none)."
        )
    if device == "cpu" and wanted == "int8" and not _computes_int8():
        raise ModelUnavailable(
            "This build of torch has no engine for the precision 'int8': use none or bf16 (--quantize none)."
        )
    return Precision(wanted, f"{wanted}, as chosen.")


def _best(device: str, parameters: int) -> Precision:
    """What "auto" comes to."""
    millions = f"{parameters / 1e6:.0f} million parameters"
    large = parameters >= LARGE_PARAMETERS
    if device == "cuda" and large and _has_bitsandbytes():
        return Precision("nf4", f"nf4: with {millions} 4-bit weights save most of the GPU's memory.")
    if device == "cpu" and large and _computes_int8():
        return Precision("int8", f"int8: with {millions} on a processor, 8-bit weights are the fastest.")
    if device == "cpu" and large and computes_bf16():
        return Precision("bf16", f"bf16: with {millions}, and this processor computes it in hardware.")
    return Precision("none", f"none: with {millions} full precision is quick, and any other would change captions.")


def uses_bitsandbytes(mode: str, device: str) -> bool:
    """Whether the weights are quantized while they are loaded, by bitsandbytes."""
    return mode == "nf4" or (mode == "int8" and device == "cuda")


def loading_options(mode: str, device: str) -> dict[str, Any]:
    """What `from_pretrained` is told. Weights stored as fp16 are computed with in fp32 unless a mode asks
    for less; a processor without bf16 computes with 4-bit weights in fp32, which takes it half the time.
    """
    if not uses_bitsandbytes(mode, device):
        return {"dtype": torch.float32}
    computed = torch.bfloat16 if device != "cpu" or computes_bf16() else torch.float32
    if mode == "nf4":  # Dettmers et al., 2023 (QLoRA): 4-bit NormalFloat, the constants quantized too
        config = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=computed,
        )
    else:
        config = BitsAndBytesConfig(load_in_8bit=True)
    return {"dtype": computed, "quantization_config": config, "device_map": {"": device}}


def place(model: Any, mode: str, device: str) -> Any:
    """Put a loaded model on its device at its precision, as far as `layers` does not change its layers later."""
    if uses_bitsandbytes(mode, device):
        return model  # already there
    return model.to(device, torch.bfloat16 if mode == "bf16" else torch.float32)


def layers(mode: str, device: str) -> Callable[[nn.Linear], nn.Module] | None:
    """What makes a linear layer one of this precision on this device, where the placed model's own are not."""
    if device != "cpu" or uses_bitsandbytes(mode, device):
        return None
    if mode == "int8":
        return Int8Linear
    return PackedLinear if can_pack(torch.bfloat16 if mode == "bf16" else torch.float32) else None


def _computes_int8() -> bool:
    return torch.backends.quantized.engine != "none"


def _has_bitsandbytes() -> bool:
    return importlib.util.find_spec("bitsandbytes") is not None
