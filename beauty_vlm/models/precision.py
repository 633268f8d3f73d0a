"""On which device a model runs, and with how many bits."""

from __future__ import annotations

import importlib.util
from typing import Any

import torch
from torch import nn
from transformers import BitsAndBytesConfig

from beauty_vlm.models.loader import ModelUnavailable

DEVICES = ("auto", "cpu", "cuda", "mps")
MODES = ("auto", "none", "bf16", "int8", "nf4")
# From here on 4-bit weights are worth their error: the published captioners have 224 million parameters and
# more, the embedded ones a tenth of this, where quantization saves nothing one would notice.
LARGE_PARAMETERS = 100_000_000


def resolve_device(wanted: str) -> str:
    """The device that `wanted` means here. Raises ModelUnavailable when there is no such device."""
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return next(device for device in ("cuda", "mps", "cpu") if present[device])
    if wanted not in present:
        raise ModelUnavailable(f"The device {wanted!r} is not known: choose one of {', '.join(DEVICES)} (--device).")
    if not present[wanted]:
        raise ModelUnavailable(f"This machine has no usable {wanted} device: use the processor (--device cpu).")
    return wanted


def resolve_mode(wanted: str, device: str, parameters: int) -> str:
    """The precision that `wanted` means for a captioner of so many parameters on `device`.

    "auto" is nf4 for a large captioner on a GPU, where it quarters the memory; elsewhere it is none.
    Raises ModelUnavailable when the machine cannot run the mode.
    """
    if wanted not in MODES:
        raise ModelUnavailable(f"The precision {wanted!r} is not known: choose one of {', '.join(MODES)} (--quantize).")
    if wanted == "auto":
        worthwhile = device == "cuda" and parameters >= LARGE_PARAMETERS and _has_bitsandbytes()
        return "nf4" if worthwhile else "none"
    if device == "mps" and wanted in ("int8", "nf4"):
        raise ModelUnavailable(f"The precision {wanted!r} does not run on mps: use none or bf16 (--quantize none).")
    if uses_bitsandbytes(wanted, device) and not _has_bitsandbytes():
        raise ModelUnavailable(
            f"The precision {wanted!r} needs the package bitsandbytes: install it, or do without (--quantize none)."
        )
    return wanted


def uses_bitsandbytes(mode: str, device: str) -> bool:
    """Whether the weights are quantized while they are loaded, by bitsandbytes."""
    return mode == "nf4" or (mode == "int8" and device == "cuda")


def loading_options(mode: str, device: str) -> dict[str, Any]:
    """What `from_pretrained` is told. Weights stored as fp16 are computed with in fp32 unless a mode asks
    for less.
    """
    if not uses_bitsandbytes(mode, device):
        return {"dtype": torch.float32}
    if mode == "nf4":  # Dettmers et al., 2023 (QLoRA): 4-bit NormalFloat, the constants quantized too
        config = BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        )
    else:
        config = BitsAndBytesConfig(load_in_8bit=True)
    return {"dtype": torch.bfloat16, "quantization_config": config, "device_map": {"": device}}


def place(model: Any, mode: str, device: str) -> Any:
    """Put a loaded model on its device at its precision."""
    if uses_bitsandbytes(mode, device):
        return model  # already there
    if mode == "int8":
        return torch.ao.quantization.quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)
    return model.to(device, torch.bfloat16 if mode == "bf16" else torch.float32)


def _has_bitsandbytes() -> bool:
    return importlib.util.find_spec("bitsandbytes") is not None
