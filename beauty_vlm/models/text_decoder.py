"""BLIP's text decoder, arranged for speed: the same weights and the same sums as transformers', fewer steps.

It takes a preallocated cache; queries, keys and values come of one product; the image's keys and values are computed
once a photo and shared by its beams.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from beauty_vlm.models.layers import Convert, converted, joined

KeysAndValues = tuple[torch.Tensor, torch.Tensor]


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
        self.transform = converted(predictions.transform.dense, convert)
        self.activation, self.transform_norm = predictions.transform.transform_act_fn, predictions.transform.LayerNorm
        self.vocabulary = converted(predictions.decoder, convert)

    def look(self, patches: torch.Tensor) -> list[KeysAndValues]:
        """The image's keys and values of each layer, (B, heads, P, width of a head) each."""
        layers: Sequence[Any] = list(self.layers)
        return [layer.look(patches) for layer in layers]

    def cache(self, rows: int, room: int) -> Cache:
        """An empty cache for so many rows of at most `room` tokens."""
        shape = (len(self.layers), 2, rows, self._heads, room, self._head_width)
        return Cache(torch.empty(shape, dtype=self.norm.weight.dtype, device=self.norm.weight.device))

    def forward(
        self, tokens: torch.Tensor, position: int | torch.Tensor, cache: Cache, seen: Sequence[KeysAndValues]
    ) -> torch.Tensor:
        """The last layer's states (B, n, W) of `tokens` (B, n), which `cache` remembers from then on.

        At position 0 they are n tokens in a row; later each is the token at `position` of one of n beams. As a tensor
        (1,) the position is never 0, and what is done depends on it by no shape: the whole cache must be finite.
        `seen` is what `look` made of the B images.
        """
        if isinstance(position, torch.Tensor):
            placed = self.positions.weight.index_select(0, position)
        else:
            placed = self.positions.weight[: tokens.shape[1]] if position == 0 else self.positions.weight[position]
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
        self.qkv = joined([own.query, own.key, own.value], convert)
        self.own_out = converted(layer.attention.output.dense, convert)
        self.own_norm = layer.attention.output.LayerNorm
        self.image_query = converted(image.query, convert)
        self.image_keys = joined([image.key, image.value], convert)
        self.image_out = converted(layer.crossattention.output.dense, convert)
        self.image_norm = layer.crossattention.output.LayerNorm
        self.activation = layer.intermediate.intermediate_act_fn
        self.up = converted(layer.intermediate.dense, convert)
        self.down = converted(layer.output.dense, convert)
        self.norm = layer.output.LayerNorm

    def look(self, patches: torch.Tensor) -> KeysAndValues:
        mixed = self.image_keys(patches).view(*patches.shape[:2], 2, self.heads, self.head_width)
        keys, values = mixed.permute(2, 0, 3, 1, 4).contiguous().unbind(0)
        return keys, values

    def forward(
        self, states: torch.Tensor, position: int | torch.Tensor, kept: torch.Tensor, image: KeysAndValues
    ) -> torch.Tensor:
        states = self.own_norm(states + self.own_out(self._recall(states, position, kept)))
        query = self.image_query(states).view(*states.shape[:2], self.heads, self.head_width).transpose(1, 2)
        seen = functional.scaled_dot_product_attention(query, *image)
        states = self.image_norm(states + self.image_out(seen.transpose(1, 2).flatten(2)))
        return self.norm(states + self.down(self.activation(self.up(states))))

    def _recall(self, states: torch.Tensor, position: int | torch.Tensor, kept: torch.Tensor) -> torch.Tensor:
        """Self-attention (B, n, W) to what `kept` (2, rows, heads, room, width of a head) holds and to itself."""
        batch, count, _ = states.shape
        mixed = self.qkv(states).view(batch, count, 3, self.heads, self.head_width)
        if isinstance(position, int) and position == 0:
            query, keys, values = mixed.permute(2, 0, 3, 1, 4).unbind(0)
            kept[0, :, :, :count], kept[1, :, :, :count] = keys, values
            heard = functional.scaled_dot_product_attention(query, keys, values, is_causal=True)
            return heard.transpose(1, 2).flatten(2)
        query, keys, values = mixed.view(batch * count, 3, self.heads, self.head_width).unbind(1)
        query = query[:, :, None]
        if isinstance(position, torch.Tensor):
            kept[0].index_copy_(2, position, keys[:, :, None])
            kept[1].index_copy_(2, position, values[:, :, None])
            read = torch.arange(kept.shape[3], device=position.device) <= position
            heard = functional.scaled_dot_product_attention(query, kept[0], kept[1], attn_mask=read[None])
        else:
            kept[0, :, :, position], kept[1, :, :, position] = keys, values
            so_far = kept[:, :, :, : position + 1]
            heard = functional.scaled_dot_product_attention(query, so_far[0], so_far[1])
        return heard.view(batch, count, -1)
