"""What the processor computes by instructions of its own."""

from __future__ import annotations

import platform

import torch


def computes_bf16() -> bool:
    """Whether it multiplies bf16. On x86 it needs AVX-512-BF16 or AMX; torch uses either."""
    x86 = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return x86 or platform.machine().lower() in ("arm64", "aarch64")


def multiplies_bytes_exactly() -> bool:
    """Whether it has VNNI. Older instructions add two 16-bit products and saturate unless the inputs keep to 7 bits."""
    return torch.cpu._is_vnni_supported()
