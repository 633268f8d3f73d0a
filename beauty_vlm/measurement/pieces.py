"""Pieces of a material that lie apart: two pans, three lipsticks. Between two shades lies a third that nobody sells, so
the shade is read on pieces of one colour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from skimage.color import deltaE_ciede2000

from beauty_vlm.colour import srgb_to_lab
from beauty_vlm.measurement.palette import LIGHTNESS_FACTOR, centre
from beauty_vlm.measurement.regions import EIGHT

# A piece is smaller than this part of the material: a speck, a highlight cut off, a leak of the mask.
SMALL_PIECE = 0.1
# Pieces of one shade in light and in shadow differ by less than this, with k_L = 2, two shades of a line by more. On
# 882 renders of several pieces the main colour is more than 4 CIEDE2000 off every piece's in 4%, of all taken together
# in 12% (`python -m data.check_places` on seeds 21 and 14).
ONE_SHADE = 6.0
PIXELS = 1024  # of a piece are looked at: its median is steady long before


def of_one_shade(mask: NDArray[np.bool_], colours: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The pixels (H, W) of `mask` in those pieces of one colour that are together the largest; all where there are no
    others. `colours` (H, W, 3) are sRGB.
    """
    return by_shade(mask, colours)[0]


def by_shade(mask: NDArray[np.bool_], colours: NDArray[np.uint8]) -> list[NDArray[np.bool_]]:
    """The pixels (H, W) of `mask` apart by the colours of its pieces, the most first; all together where they are of
    one. `colours` (H, W, 3) are sRGB.
    """
    labelled, count = ndimage.label(mask, EIGHT)
    if count < 2:
        return [mask]
    sizes = np.bincount(labelled.ravel(), minlength=count + 1)[1:]
    large = np.flatnonzero(sizes >= SMALL_PIECE * sizes.sum())
    if len(large) < 2:
        return [mask]
    places = ndimage.find_objects(labelled)
    inner = ndimage.binary_erosion(mask, border_value=1)
    labs = np.stack([_colour(labelled[places[n]] == n + 1, inner[places[n]], colours[places[n]]) for n in large])
    apart = deltaE_ciede2000(labs[:, None], labs[None], kL=LIGHTNESS_FACTOR)
    groups = fcluster(linkage(squareform(apart, checks=False), "average"), ONE_SHADE, criterion="distance")
    if groups.max() == 1:
        return [mask]
    sums = np.bincount(groups, weights=sizes[large])
    order = np.argsort(-sums, kind="stable")[: groups.max()]  # the numbers of groups begin with one
    return [np.asarray(np.isin(labelled, large[groups == group] + 1)) for group in order]


def _colour(piece: NDArray[np.bool_], inner: NDArray[np.bool_], colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """CIELAB (3,) of a piece, of its inner pixels where it has some."""
    inside = piece & inner
    seen = colours[inside if inside.any() else piece]
    return centre(srgb_to_lab(seen[:: -(-len(seen) // PIXELS)]))
