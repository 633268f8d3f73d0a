"""The text decoder's steps after the prompt: one token more of each row, its shape free or fixed.

Of a fixed shape a step is the same kernels on the same memory each time. On CUDA they are recorded once as a graph
and launched together, instead of some two hundred one by one, which takes longer than they compute.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import nn

from beauty_vlm.models.text_decoder import Cache, KeysAndValues, TextDecoder

KEPT = 4  # recorded shapes that stay, those met last; BLIP-base's take 20 MB a photo each

logger = logging.getLogger(__name__)


class Steps(Protocol):
    """What comes after the prompt, for B photos of n beams each."""

    @property
    def shrinks(self) -> bool:
        """Whether it pays to let photos go that are finished."""

    def __call__(self, tokens: torch.Tensor, position: int) -> torch.Tensor:
        """The logits (B, n, V), float32, after `tokens` (B, n), which are those at `position`; read before the next."""

    def reorder(self, rows: torch.Tensor, length: int) -> None:
        """Row i of the B * n becomes what row `rows[i]` was, up to `length` tokens."""

    def keep(self, photos: torch.Tensor, rows: torch.Tensor) -> None:
        """Only these photos, and of the B * n rows these, stay."""


class FreeSteps:
    """Steps as long as what was read, of as many photos as are left."""

    shrinks = True

    def __init__(self, decoder: TextDecoder, cache: Cache, seen: Sequence[KeysAndValues]) -> None:
        """`cache` has read the prompt (B * n rows); `seen` is what `decoder.look` made of the B photos."""
        self._decoder, self._cache, self._seen = decoder, cache, list(seen)

    def __call__(self, tokens: torch.Tensor, position: int) -> torch.Tensor:
        return self._decoder.head(self._decoder(tokens, position, self._cache, self._seen))

    def reorder(self, rows: torch.Tensor, length: int) -> None:
        self._cache.reorder(rows, length)

    def keep(self, photos: torch.Tensor, rows: torch.Tensor) -> None:
        self._cache.keep(rows)
        self._seen = [(keys[photos], values[photos]) for keys, values in self._seen]


Shape = tuple[torch.Size, torch.Size]
Work = Callable[[], None]
Record = Callable[[Work], Work]


class FixedSteps:
    """Steps that attend to the whole cache, what is not read yet masked, in memory of their own."""

    shrinks = False

    def __init__(self, decoder: TextDecoder, cache: Cache, seen: Sequence[KeysAndValues], record: Record) -> None:
        """For all that has the shapes of `cache` and `seen`. `record` returns what does again what it was given,
        whatever is in memory by then.
        """
        photos, rows = len(seen[0][0]), cache.store.shape[2]
        self._decoder = decoder
        # What is masked counts nothing only where it is finite.
        self._cache = Cache(torch.zeros_like(cache.store))
        self._seen = [(torch.zeros_like(keys), torch.zeros_like(values)) for keys, values in seen]
        self._tokens = torch.zeros(photos, rows // photos, dtype=torch.long, device=cache.store.device)
        self._position = torch.ones(1, dtype=torch.long, device=cache.store.device)
        shape = *self._tokens.shape, len(decoder.words.weight)
        self._logits = torch.zeros(shape, dtype=torch.float32, device=cache.store.device)
        self._again = record(self._work)

    def begin(self, cache: Cache, seen: Sequence[KeysAndValues], length: int) -> FixedSteps:
        """Go on with other photos, of which `cache` has read `length` tokens."""
        self._cache.store[..., :length, :] = cache.store[..., :length, :]
        for (keys, values), (their_keys, their_values) in zip(self._seen, seen, strict=True):
            keys.copy_(their_keys)
            values.copy_(their_values)
        return self

    def __call__(self, tokens: torch.Tensor, position: int) -> torch.Tensor:
        self._tokens.copy_(tokens)
        self._position.fill_(position)
        self._again()
        return self._logits

    def reorder(self, rows: torch.Tensor, length: int) -> None:
        self._cache.reorder(rows, length)

    def keep(self, photos: torch.Tensor, rows: torch.Tensor) -> None:
        raise NotImplementedError("The shape is fixed.")

    def _work(self) -> None:
        states = self._decoder(self._tokens, self._position, self._cache, self._seen)
        self._logits.copy_(self._decoder.head(states))


class Stepper:
    """Chooses the steps of a decoder and keeps what was recorded. Not for several threads at once."""

    def __init__(self, decoder: TextDecoder, record: Record | None = None) -> None:
        """`record` is that of `FixedSteps`; without it steps are fixed on CUDA alone, by `as_cuda_graph`."""
        self._decoder, self._record = decoder, record
        self._fixed: OrderedDict[Shape, FixedSteps] = OrderedDict()
        self._met: set[Shape] = set()
        self._failed = False

    def steps(self, cache: Cache, seen: Sequence[KeysAndValues], length: int) -> Steps:
        """The steps after a prompt of `length` tokens, which `cache` has read for every row."""
        record = self._record or (as_cuda_graph if self._can_be_graph() else None)
        if record is None or self._failed:
            return FreeSteps(self._decoder, cache, seen)
        shape = cache.store.shape, seen[0][0].shape
        if shape not in self._fixed:
            if shape not in self._met:  # recording takes as long as three steps and holds others up: once is no use
                self._met.add(shape)
                return FreeSteps(self._decoder, cache, seen)
            while len(self._fixed) >= KEPT:
                self._fixed.popitem(last=False)
            try:
                self._fixed[shape] = FixedSteps(self._decoder, cache, seen, record)
            except RuntimeError as error:  # among them that memory is short
                logger.warning("The decoder's steps cannot be a CUDA graph and go on one by one: %s", error)
                self._failed = True
                self._fixed.clear()  # and with them their memory
                return FreeSteps(self._decoder, cache, seen)
        self._fixed.move_to_end(shape)
        return self._fixed[shape].begin(cache, seen, length)

    def _can_be_graph(self) -> bool:
        """Whether all that is computed is torch's own: bitsandbytes' 8-bit layers wait for the GPU in between."""
        if self._decoder.norm.weight.device.type != "cuda":
            return False
        layers = (layer for layer in self._decoder.modules() if isinstance(layer, nn.Linear))
        return all(type(layer) is nn.Linear for layer in layers)


def as_cuda_graph(work: Work) -> Work:
    """What launches the kernels of `work` as one graph. Raises RuntimeError where they cannot be recorded."""
    # What libraries allocate at first use must be there before: while a graph is recorded nothing may be.
    beside = torch.cuda.Stream()
    beside.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(beside):
        work()
        work()
    torch.cuda.current_stream().wait_stream(beside)
    graph = torch.cuda.CUDAGraph()
    # The tagger may compute on another thread meanwhile.
    with torch.cuda.graph(graph, capture_error_mode="thread_local"):
        work()
    return graph.replay
