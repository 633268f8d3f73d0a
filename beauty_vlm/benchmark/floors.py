"""The least time that a model's operations and bytes allow on a machine whose ceilings are known.

A product of (m, k) and (k, n) counts 2 m k n operations; norms, activations, softmax and sampling count nothing. A
part takes the longer of its operations at the format's measured peak and its bytes at the measured bandwidth
(Williams et al., 2009, the roofline). The decoder reads all its weights once a token, whatever the beams and the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode, conv_flop_count

GIGA = 1e9


@dataclass(frozen=True, slots=True)
class Format:
    """Which ceiling linear layers and attention fall under, and the bytes of a weight and of a state."""

    linear: str
    attention: str
    weight_bytes: float
    state_bytes: int


FORMATS = {
    "none": Format("fp32", "fp32", 4, 4),
    "bf16": Format("bf16", "bf16", 2, 2),
    "int8": Format("int8", "bf16", 1, 4),
    "nf4": Format("bf16", "bf16", 0.5, 2),
}


@dataclass(frozen=True, slots=True)
class Work:
    """Operations in linear layers and in attention, weights that are read, and states (keys, values) that are."""

    linear: float
    attention: float
    weights: float
    states: float = 0.0

    def seconds(self, form: Format, ceilings: Mapping[str, float]) -> float:
        """The floor. Where the machine has no int8 ceiling (a GPU), that of bf16 stands for it, and where it has none
        of bf16, or one below that of fp32, the latter.
        """
        half = max(ceilings.get("bf16", 0.0), ceilings["fp32"])
        rates = {"int8": half, **ceilings, "bf16": half}
        linear, attention = rates[form.linear], rates[form.attention]
        arithmetic = self.linear / (linear * GIGA) + self.attention / (attention * GIGA)
        read = self.weights * form.weight_bytes + self.states * form.state_bytes
        return max(arithmetic, read / (ceilings["memory"] * GIGA))


def look_work(config: Any, batch: int = 1) -> Work:
    """The vision tower and the image's keys and values of each text layer, for `batch` photos. `config` is a
    BlipConfig.
    """
    vision, text = config.vision_config, config.text_config
    patches = (vision.image_size // vision.patch_size) ** 2
    rows, width, inner = patches + 1, vision.hidden_size, vision.intermediate_size
    layer = 4 * width * width + 2 * width * inner
    pixels = 3 * vision.patch_size**2 * width
    keys = 2 * text.num_hidden_layers * text.encoder_hidden_size * text.hidden_size
    linear = 2 * (vision.num_hidden_layers * rows * layer + patches * pixels + rows * keys)
    attention = 4 * vision.num_hidden_layers * rows * rows * width
    return Work(batch * linear, batch * attention, vision.num_hidden_layers * layer + pixels + keys)


def token_work(config: Any, length: int, beams: int = 1, batch: int = 1) -> Work:
    """One step of the decoder: the next token of each beam, after `length` tokens."""
    vision, text = config.vision_config, config.text_config
    patches = (vision.image_size // vision.patch_size) ** 2 + 1
    width, layers = text.hidden_size, text.num_hidden_layers
    weights = layers * (6 * width * width + 2 * width * text.intermediate_size) + width * (width + text.vocab_size)
    rows = beams * batch
    states = 2 * layers * width * (batch * patches + rows * length)
    return Work(2 * rows * weights, 4 * rows * layers * width * (patches + length), weights, states)


def caption_floor(
    config: Any, mode: str, ceilings: Mapping[str, float], prompt: int, tokens: int, beams: int, batch: int = 1
) -> float:
    """Seconds that captions of `tokens` new tokens after a prompt of so many take at least."""
    form = FORMATS[mode]
    total = look_work(config, batch).seconds(form, ceilings)
    for new in range(tokens):
        # The first step reads the prompt, one beam of it.
        rows = prompt if new == 0 else beams
        total += token_work(config, prompt + new, rows, batch).seconds(form, ceilings)
    return total


def module_floor(module: nn.Module, inputs: Mapping[str, torch.Tensor], ceilings: Mapping[str, float]) -> float:
    """Seconds that one call of any fp32 module takes at least, its operations counted by torch."""
    with torch.inference_mode():
        operations = count_operations(lambda: module(**inputs))
    weights = sum(parameter.numel() for parameter in module.parameters())
    return Work(operations, 0.0, weights).seconds(FORMATS["none"], ceilings)


def count_operations(work: Callable[[], object]) -> int:
    """The operations of one call by torch's own count. It does not know the processor's fused attention, so that
    attention is made of products here, nor its fused convolution, which counts as a plain one.
    """
    fused = {}
    if hasattr(torch.ops.mkldnn, "_convolution_pointwise"):
        fused[torch.ops.mkldnn._convolution_pointwise] = _convolution_operations
    with FlopCounterMode(display=False, custom_mapping=fused) as counter, sdpa_kernel(SDPBackend.MATH):
        work()
    return int(counter.get_total_flops())


def _convolution_operations(inputs: Any, weight: Any, *_: Any, out_shape: Any, **__: Any) -> int:
    """The products of a convolution, from its tensors' shapes."""
    return int(conv_flop_count(list(inputs), list(weight), list(out_shape)))
