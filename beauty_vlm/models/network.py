"""BLIP that writes captions, arranged for speed: the same weights and the same sums as transformers', fewer steps.

The vision tower attends with `scaled_dot_product_attention`, its queries, keys and values come of one product.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from beauty_vlm.models.attention import rounded_attention
from beauty_vlm.models.int8 import Int8Linear
from beauty_vlm.models.layers import Convert, as_it_is, converted
from beauty_vlm.models.processor import computes_bf16
from beauty_vlm.models.steps import Stepper
from beauty_vlm.models.text_decoder import TextDecoder


class CaptionNetwork(nn.Module):
    """Any BLIP that writes captions: the vision tower and the text decoder."""

    def __init__(self, model: Any, convert: Convert | None = None) -> None:
        """`model` is a BlipForConditionalGeneration, with or without a PEFT adapter around it, and may be given up
        afterwards. `convert` makes of each plain linear layer the layer that computes it, such as `Int8Linear`.
        """
        super().__init__()
        change = convert or as_it_is
        self.config = model.config
        self.vision = VisionTower(model.vision_model, change)
        self.decoder = TextDecoder(model.text_decoder, change)
        self.stepper = Stepper(self.decoder)
        self.eval().requires_grad_(False)

    @property
    def dtype(self) -> torch.dtype:
        """What the network computes in between its layers."""
        return self.vision.norm.weight.dtype

    @property
    def device(self) -> torch.device:
        """Where the network lies."""
        return self.vision.norm.weight.device

    def look(self, pixels: torch.Tensor) -> torch.Tensor:
        """What the decoder is told of normalised pixels (B, 3, H, W): states (B, P + 1, W) on the network's device."""
        patches: torch.Tensor = self.vision(pixels.to(self.device, self.dtype))
        return patches

    def forward(self, pixels: torch.Tensor, tokens: torch.Tensor) -> torch.Tensor:
        """The logits (B, S, V), float32, of `tokens` (B, S) beside `pixels` (B, 3, H, W)."""
        patches = self.look(pixels)
        cache = self.decoder.cache(len(tokens), tokens.shape[1])
        return self.decoder.head(self.decoder(tokens, 0, cache, self.decoder.look(patches)))


class VisionTower(nn.Module):
    """The vision transformer (Dosovitskiy et al., 2021), norms first."""

    def __init__(self, vision: Any, convert: Convert) -> None:
        super().__init__()
        self.embeddings = vision.embeddings
        self.layers = nn.ModuleList(_VisionLayer(layer, convert) for layer in vision.encoder.layers)
        self.norm = vision.post_layernorm

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        """Pixels (B, 3, H, W), normalised, to one state a patch and one for the whole (B, P + 1, W)."""
        states = self.embeddings(pixels)
        for layer in self.layers:
            states = layer(states)
        return self.norm(states)


class _VisionLayer(nn.Module):
    def __init__(self, layer: Any, convert: Convert) -> None:
        super().__init__()
        self.heads = layer.self_attn.num_heads
        self.before, self.between = layer.layer_norm1, layer.layer_norm2
        self.qkv = converted(layer.self_attn.qkv, convert)
        self.out = converted(layer.self_attn.projection, convert)
        self.activation = layer.mlp.activation_fn
        self.up, self.down = converted(layer.mlp.fc1, convert), converted(layer.mlp.fc2, convert)
        # Beside the rounding of 8 bits that of bfloat16 is small.
        rounded = isinstance(self.qkv, Int8Linear) and computes_bf16()
        self.attend = rounded_attention if rounded else functional.scaled_dot_product_attention

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        batch, patches, width = states.shape
        mixed = self.qkv(self.before(states)).view(batch, patches, 3, self.heads, width // self.heads)
        query, key, value = mixed.permute(2, 0, 3, 1, 4).unbind(0)
        seen = self.attend(query, key, value)
        states = states + self.out(seen.transpose(1, 2).reshape(batch, patches, width))
        return states + self.down(self.activation(self.up(self.between(states))))
