"""Colours between sRGB and CIELAB (D65, 2° observer, L* 0..100), and CIEDE2000; thin over scikit-image.

Every function takes arrays with the channel last and any shape before it, and works on one colour too.
"""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from skimage import color

Array = NDArray[np.float64]

# Euclidean CIELAB units: more than the round trip's own error (< .01), less than anyone can see.
GAMUT_SLACK = 0.25

# Cone responses of the linearised Bradford transform: Lam, Metamerism and colour constancy, thesis, Bradford 1985;
# as in ICC.1:2010, annex E.
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
_WHITE = color.xyz_tristimulus_values(illuminant="D65", observer="2")

_HEX = re.compile(r"#?([0-9a-fA-F]{6})")


def srgb_to_lab(rgb: ArrayLike) -> Array:
    """CIELAB of sRGB colours (..., 3): integers 0..255 or floats 0..1.

    Raises ValueError when the last axis is not 3.
    """
    array = _channels_last(rgb)
    scaled = array / 255.0 if np.issubdtype(array.dtype, np.integer) else array.astype(np.float64)
    return np.asarray(color.rgb2lab(scaled), dtype=np.float64)


def lab_to_srgb(lab: ArrayLike) -> Array:
    """sRGB floats 0..1 of CIELAB colours (..., 3); what sRGB cannot show is clipped per channel.

    Raises ValueError when the last axis is not 3.
    """
    array = _channels_last(lab).astype(np.float64)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # scikit-image tells of clipped colours, as documented
        return np.asarray(color.lab2rgb(array), dtype=np.float64)


def in_gamut(lab: ArrayLike) -> NDArray[np.bool_]:
    """Whether sRGB can show each CIELAB colour (..., 3) -> (...), to within GAMUT_SLACK."""
    array = _channels_last(lab).astype(np.float64)
    moved = srgb_to_lab(lab_to_srgb(array)) - array
    return np.asarray(np.linalg.norm(moved, axis=-1) < GAMUT_SLACK)


def lab_to_hex(lab: ArrayLike) -> str:
    """`#rrggbb` of one CIELAB colour (3,); raises ValueError for another shape."""
    colour = np.asarray(lab)
    if colour.shape != (3,):
        raise ValueError(f"one colour of shape (3,) is wanted, not {colour.shape}")
    return labs_to_hex(colour[None])[0]


def labs_to_hex(labs: ArrayLike) -> list[str]:
    """`#rrggbb` of each CIELAB colour (N, 3)."""
    levels = np.rint(lab_to_srgb(labs) * 255.0).astype(np.uint8)
    return [f"#{row.tobytes().hex()}" for row in levels]


def hex_to_lab(text: str) -> Array:
    """CIELAB (3,) of `#rrggbb`; raises ValueError for any other text."""
    match = _HEX.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a colour written as #rrggbb")
    return srgb_to_lab(np.frombuffer(bytes.fromhex(match.group(1)), dtype=np.uint8))


def ciede2000(lab1: ArrayLike, lab2: ArrayLike) -> Array:
    """CIEDE2000 colour difference of (..., 3) and (..., 3), broadcast -> (...).

    About 1 is just noticed side by side. Formula: Sharma, Wu and Dalal, Color Res. Appl. 30 (2005) 21-30.
    """
    one, other = np.broadcast_arrays(_channels_last(lab1), _channels_last(lab2))
    return np.asarray(color.deltaE_ciede2000(one.astype(np.float64), other.astype(np.float64)))


def adapted(lab: ArrayLike, white: ArrayLike) -> Array:
    """CIELAB colours (..., 3), seen in a light in which white is the CIELAB colour `white` (3,), in neutral light.

    Chromatic adaptation of von Kries' kind in Bradford's cone responses; the white's lightness does not count. Raises
    ValueError for other shapes, and for a black white.
    """
    colours, light = _channels_last(lab).astype(np.float64), _channels_last(white).astype(np.float64)
    if light.shape != (3,):
        raise ValueError(f"one white of shape (3,) is wanted, not {light.shape}")
    xyz = np.asarray(color.lab2xyz(light[None]))[0]
    if xyz[1] <= 0:
        raise ValueError("a black surface tells nothing of the light")
    gains = (_BRADFORD @ _WHITE) / (_BRADFORD @ (xyz / xyz[1]))
    matrix = np.linalg.inv(_BRADFORD) @ np.diag(gains) @ _BRADFORD
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # scikit-image tells of negative Z, which it clips
        moved = np.asarray(color.lab2xyz(np.atleast_2d(colours))) @ matrix.T
    return np.asarray(color.xyz2lab(moved), dtype=np.float64).reshape(colours.shape)


def _channels_last(values: Any) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim == 0 or array.shape[-1] != 3:
        raise ValueError(f"colours need three channels on the last axis, not shape {array.shape}")
    return array
