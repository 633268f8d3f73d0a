"""What a network sees of the squares that `picture` makes: its numbers and its size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image


def as_pixels(canvases: Sequence[Image.Image], processor: Any) -> torch.Tensor:
    """What a network sees of squares (RGB) of its own size: float32 (N, 3, size, size), channels innermost in memory.

    The numbers are those that the transformers image processor makes; for a square it has nothing else to do, and
    takes ten times as long.
    """
    mean, spread = (
        torch.tensor(values if processor.do_normalize else [neutral] * 3, dtype=torch.float32)
        for values, neutral in ((processor.image_mean, 0.0), (processor.image_std, 1.0))
    )
    factor = processor.rescale_factor if processor.do_rescale else 1.0
    bytes_ = torch.from_numpy(np.stack([np.asarray(canvas) for canvas in canvases]))
    # Never in the default dtype, which another thread changes while it loads a model.
    return ((bytes_.to(torch.float32) * factor - mean) / spread).permute(0, 3, 1, 2)


def canvas_size(processor: Any) -> int:
    """The side in pixels that a transformers image processor (BLIP's or CLIP's) prepares."""
    size = processor.crop_size if getattr(processor, "do_center_crop", False) else processor.size
    return int(size.height or size.shortest_edge)
