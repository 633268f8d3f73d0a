"""Plain LoRA adapters merged into their base (Hu et al., 2022): the weight W becomes W + (alpha / r) B A.

PEFT does this too, but importing it takes a second and 50 MB at each start. What is not plain, or does not fit, is left
to it, with its checks and its errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn

PREFIX, DOWN, UP = "base_model.model.", ".lora_A.weight", ".lora_B.weight"
# What a plain adapter's configuration may say. Every other entry is an extension, which must be off.
HARMLESS = frozenset({
    "peft_type", "peft_version", "task_type", "auto_mapping", "base_model_name_or_path", "revision", "inference_mode",
    "r", "lora_alpha", "lora_dropout", "target_modules", "bias", "init_lora_weights", "megatron_core",
    "qalora_group_size",
})  # fmt: skip


@torch.no_grad()
def merge_plain(model: nn.Module, config: Mapping[str, Any], weights: Path) -> bool:
    """Merge an adapter, its `adapter_config.json` and its safetensors, into `model` in place.

    Returns False, with nothing changed, unless it is a plain LoRA whose tensors are those of exactly the linear layers
    that the configuration names.
    """
    if not _is_plain(config):
        return False
    tensors = load_file(weights)
    layers = {
        name: layer
        for name, layer in model.named_modules()
        if type(layer) is nn.Linear and _is_target(name, config["target_modules"])
    }
    if not layers or set(tensors) != {PREFIX + name + end for name in layers for end in (DOWN, UP)}:
        return False
    products = {}
    for name, layer in layers.items():
        down, up = (tensors[PREFIX + name + end].to(layer.weight) for end in (DOWN, UP))
        if down.shape != (config["r"], layer.in_features) or up.shape != (layer.out_features, config["r"]):
            return False
        products[name] = up @ down
    for name, layer in layers.items():
        layer.weight += config["lora_alpha"] / config["r"] * products[name]
    return True


def _is_plain(config: Mapping[str, Any]) -> bool:
    numbers = all(isinstance(config.get(name), int) and config[name] > 0 for name in ("r", "lora_alpha"))
    started = isinstance(config.get("init_lora_weights", True), bool)  # a named start also changed the base
    extensions = any(value for name, value in config.items() if name not in HARMLESS)
    return config.get("peft_type") == "LORA" and config.get("bias") == "none" and numbers and started and not extensions


def _is_target(name: str, targets: str | list[str]) -> bool:
    """A regular expression of whole names, or ends of names, as in PEFT."""
    if isinstance(targets, str):
        return re.fullmatch(targets, name) is not None
    return any(name == target or name.endswith(f".{target}") for target in targets)
