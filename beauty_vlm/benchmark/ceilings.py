"""The most that this machine's arithmetic and memory reach with torch, measured."""

from __future__ import annotations

import torch
from torch import nn

from beauty_vlm.benchmark.timing import Work, seconds_of
from beauty_vlm.models.int8 import Int8Linear
from beauty_vlm.models.packed import PackedLinear, can_pack
from beauty_vlm.models.processor import computes_bf16, multiplies_bytes_exactly

SIDE = 2048  # of the matrices: 17 GFLOP a product, far more than its memory traffic
BYTES = 256 * 2**20  # what is read for the bandwidth: more than any cache holds
TRIES = 6
GIGA = 1e9


def measure_ceilings(device: str) -> dict[str, float]:
    """GFLOP/s of a matrix product in "fp32", in "bf16" unless it is a CPU that has no such arithmetic (one product
    would take it seconds), in "int8" (GOP/s) on a CPU, and "memory" in GB/s.
    """
    kinds = {"fp32": torch.float32}
    if device != "cpu" or computes_bf16():
        kinds["bf16"] = torch.bfloat16
    found = {name: _product(kind, device) for name, kind in kinds.items()}
    if device == "cpu":
        found["int8"] = _int8_product()
    block = torch.ones(BYTES // 4, device=device)
    read = min(seconds_of(block.sum) for _ in range(TRIES))
    return {**found, "memory": round(BYTES / read / GIGA, 1)}


def _product(kind: torch.dtype, device: str) -> float:
    """The faster of torch's product and, on the processor, of the layer that the models use."""
    left, right = (torch.randn(SIDE, SIDE, device=device).to(kind) for _ in range(2))
    out = torch.empty_like(left)
    works: list[Work] = [lambda: torch.mm(left, right, out=out)]
    if device == "cpu" and can_pack(kind):
        layer = PackedLinear(nn.Linear(SIDE, SIDE, dtype=kind))
        works.append(lambda: layer(left))
    with torch.inference_mode():
        seconds = min(seconds_of(work) for work in works for _ in range(TRIES))
    return round(2 * SIDE**3 / seconds / GIGA, 1)


def _int8_product() -> float:
    """The faster of the layer that the models use and, where the processor has VNNI, of torch's product of int8
    matrices, which elsewhere takes it a hundred times as long.
    """
    layer, inputs = Int8Linear(nn.Linear(SIDE, SIDE)), torch.randn(SIDE, SIDE)
    works: list[Work] = [lambda: layer(inputs)]
    if multiplies_bytes_exactly():
        left, right = (torch.randint(-127, 128, (SIDE, SIDE), dtype=torch.int8) for _ in range(2))
        works.append(lambda: torch._int_mm(left, right))
    with torch.inference_mode():
        seconds = min(seconds_of(work) for work in works for _ in range(TRIES))
    return round(2 * SIDE**3 / seconds / GIGA, 1)
