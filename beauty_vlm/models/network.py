"""BLIP's two halves, arranged for speed: the same weights and the same sums as transformers', fewer steps.

The vision tower attends with `scaled_dot_product_attention`. The text decoder takes a preallocated cache; queries,
keys and values come of one product; the image's keys and values are computed once a photo and shared by its beams.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from beauty_vlm.models.attention import rounded_attention
from beauty_vlm.models.int8 import Int8Linear
from beauty_vlm.models.processor import computes_bf16

Convert = Callable[[nn.Linear], nn.Module]
KeysAndValues = tuple[torch.Tensor, torch.Tensor]


class CaptionNetwork(nn.Module):
    """Any BLIP that writes captions: the vision tower and the text decoder."""

    def __init__(self, model: Any, convert: Convert | None = None) -> None:
        """`model` is a BlipForConditionalGeneration, with or without a PEFT adapter around it, and may be given up
        afterwards. `convert` makes of each plain linear layer the layer that computes it, such as `Int8Linear`.
        """
        super().__init__()
        change = convert or _as_it_is
        self.config = model.config
        self.vision = VisionTower(model.vision_model, change)
        self.decoder = TextDecoder(model.text_decoder, change)
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
        self.qkv = _converted(layer.self_attn.qkv, convert)
        self.out = _converted(layer.self_attn.projection, convert)
        self.activation = layer.mlp.activation_fn
        self.up, self.down = _converted(layer.mlp.fc1, convert), _converted(layer.mlp.fc2, convert)
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


@dataclass(slots=True)
class Cache:
    """What the decoder has read: keys and values (layers, 2, rows, heads, room, width of a head)."""

    store: torch.Tensor

    def spread(self, beams: int) -> Cache:
        """Each row `beams` times."""
        return Cache(self.store.repeat_interleave(beams, dim=2))

    def reorder(self, rows: torch.Tensor, length: int) -> None:
        """Row i becomes what row `rows[i]` was, up to `length` tokens."""
        read = self.store[..., :length, :]
        read.copy_(read.index_select(2, rows))

    def keep(self, rows: torch.Tensor) -> None:
        """Only these rows stay."""
        self.store = self.store.index_select(2, rows)


class TextDecoder(nn.Module):
    """BERT as a decoder with cross-attention (Li et al., 2022), norms last."""

    def __init__(self, decoder: Any, convert: Convert) -> None:
        super().__init__()
        embeddings, predictions = decoder.bert.embeddings, decoder.cls.predictions
        self.words, self.positions, self.norm = (
            embeddings.word_embeddings,
            embeddings.position_embeddings,
            embeddings.LayerNorm,
        )
        self.layers = nn.ModuleList(_TextLayer(layer, convert) for layer in decoder.bert.encoder.layer)
        first = decoder.bert.encoder.layer[0].attention.self
        self._heads, self._head_width = int(first.num_attention_heads), int(first.attention_head_size)
        self.transform = _converted(predictions.transform.dense, convert)
        self.activation, self.transform_norm = predictions.transform.transform_act_fn, predictions.transform.LayerNorm
        self.vocabulary = _converted(predictions.decoder, convert)

    def look(self, patches: torch.Tensor) -> list[KeysAndValues]:
        """The image's keys and values of each layer, (B, heads, P, width of a head) each."""
        layers: Sequence[Any] = list(self.layers)
        return [layer.look(patches) for layer in layers]

    def cache(self, rows: int, room: int) -> Cache:
        """An empty cache for so many rows of at most `room` tokens."""
        shape = (len(self.layers), 2, rows, self._heads, room, self._head_width)
        return Cache(torch.empty(shape, dtype=self.norm.weight.dtype, device=self.norm.weight.device))

    def forward(self, tokens: torch.Tensor, position: int, cache: Cache, seen: Sequence[KeysAndValues]) -> torch.Tensor:
        """The last layer's states (B, n, W) of `tokens` (B, n), which `cache` remembers from then on.

        At position 0 they are n tokens in a row; later each is the token at `position` of one of n beams.
        `seen` is what `look` made of the B images.
        """
        at = torch.arange(tokens.shape[1], device=tokens.device) if position == 0 else position
        placed = self.positions.weight[at]
        states = self.norm(self.words(tokens) + placed)
        for layer, kept, image in zip(self.layers, cache.store, seen, strict=True):
            states = layer(states, position, kept, image)
        return states

    def head(self, states: torch.Tensor) -> torch.Tensor:
        """The logits (…, V), float32, of states (…, W)."""
        return self.vocabulary(self.transform_norm(self.activation(self.transform(states)))).float()


class _TextLayer(nn.Module):
    def __init__(self, layer: Any, convert: Convert) -> None:
        super().__init__()
        own, image = layer.attention.self, layer.crossattention.self
        self.heads, self.head_width = own.num_attention_heads, own.attention_head_size
        self.qkv = _joined([own.query, own.key, own.value], convert)
        self.own_out = _converted(layer.attention.output.dense, convert)
        self.own_norm = layer.attention.output.LayerNorm
        self.image_query = _converted(image.query, convert)
        self.image_keys = _joined([image.key, image.value], convert)
        self.image_out = _converted(layer.crossattention.output.dense, convert)
        self.image_norm = layer.crossattention.output.LayerNorm
        self.activation = layer.intermediate.intermediate_act_fn
        self.up = _converted(layer.intermediate.dense, convert)
        self.down = _converted(layer.output.dense, convert)
        self.norm = layer.output.LayerNorm

    def look(self, patches: torch.Tensor) -> KeysAndValues:
        mixed = self.image_keys(patches).view(*patches.shape[:2], 2, self.heads, self.head_width)
        keys, values = mixed.permute(2, 0, 3, 1, 4).contiguous().unbind(0)
        return keys, values

    def forward(self, states: torch.Tensor, position: int, kept: torch.Tensor, image: KeysAndValues) -> torch.Tensor:
        states = self.own_norm(states + self.own_out(self._recall(states, position, kept)))
        query = self.image_query(states).view(*states.shape[:2], self.heads, self.head_width).transpose(1, 2)
        seen = functional.scaled_dot_product_attention(query, *image)
        states = self.image_norm(states + self.image_out(seen.transpose(1, 2).flatten(2)))
        return self.norm(states + self.down(self.activation(self.up(states))))

    def _recall(self, states: torch.Tensor, position: int, kept: torch.Tensor) -> torch.Tensor:
        """Self-attention (B, n, W) to what `kept` (2, rows, heads, room, width of a head) holds and to itself."""
        batch, count, _ = states.shape
        mixed = self.qkv(states).view(batch, count, 3, self.heads, self.head_width)
        if position == 0:
            query, keys, values = mixed.permute(2, 0, 3, 1, 4).unbind(0)
            kept[0, :, :, :count], kept[1, :, :, :count] = keys, values
            heard = functional.scaled_dot_product_attention(query, keys, values, is_causal=True)
            return heard.transpose(1, 2).flatten(2)
        query, keys, values = mixed.view(batch * count, 3, self.heads, self.head_width).unbind(1)
        kept[0, :, :, position], kept[1, :, :, position] = keys, values
        so_far = kept[:, :, :, : position + 1]
        heard = functional.scaled_dot_product_attention(query[:, :, None], so_far[0], so_far[1])
        return heard.view(batch, count, -1)


class _Side(nn.Module):
    """Several layers of the same input, their outputs side by side: where they cannot be one layer."""

    def __init__(self, layers: Sequence[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        return torch.cat([layer(inputs) for layer in self.layers], dim=-1)


def _joined(layers: Sequence[nn.Module], convert: Convert) -> nn.Module:
    """One layer for several of the same input. Layers of bitsandbytes and of PEFT stay apart."""
    plain = [layer for layer in layers if type(layer) is nn.Linear]
    if len(plain) < len(layers):
        return _Side([_converted(layer, convert) for layer in layers])
    weight = torch.cat([layer.weight.detach() for layer in plain])
    joined = nn.Linear(weight.shape[1], weight.shape[0], device="meta")
    joined.weight = nn.Parameter(weight, requires_grad=False)
    joined.bias = nn.Parameter(torch.cat([layer.bias.detach() for layer in plain]), requires_grad=False)
    return convert(joined)


def _converted(layer: nn.Module, convert: Convert) -> nn.Module:
    return convert(layer) if type(layer) is nn.Linear else layer


def _as_it_is(layer: nn.Linear) -> nn.Module:
    return layer
