"""The cages of hand and head cut from MakeHuman's body by `data.fit_anatomy`, in centimetres."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("anatomy.npz")


@lru_cache(maxsize=1)
def cages() -> dict[str, np.ndarray]:
    """Quads, vertices, skinning weights, joints and shapes by name: "hand_faces", "head_names"; see `fit_anatomy`."""
    with np.load(FILE) as file:
        return {key: (value.astype(np.float64) if value.dtype.kind == "f" else value) for key, value in file.items()}
