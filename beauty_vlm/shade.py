"""The shade of a product: its material's colours in CIELAB, measured from the photo's pixels and named."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import squareform
from skimage.color import deltaE_ciede2000

from beauty_vlm.colour import Array, lab_to_hex, srgb_to_lab
from beauty_vlm.regions import MATERIAL
from beauty_vlm.report import Lab, Shade, Swatch
from beauty_vlm.vocabulary import name_colour

# Less material than this part of the photo (100 pixels of 224 x 224) is as likely a segmentation error.
MIN_MATERIAL = 0.002
# Pixels are read on a grid of at most this many a side: enough for every colour, and large photos stay fast.
GRID_SIDE = 512
# Boundary pixels mix two colours: the mask is eroded by this part of the shorter side (1 pixel at 224),
# unless less than KEEP_MATERIAL of it were left, as on thin strokes and wands.
EROSION = 0.005
KEEP_MATERIAL = 0.3
# A random sample of this many pixels gives shares to within 1.5% (two standard errors).
SAMPLE = 4096
SEED = 0

# k-means starts from more clusters than a palette has pans, then clusters of one colour are merged.
CLUSTERS = 16
MAX_SWATCHES = 12
# Light and shade change lightness more than anything else: L* counts half, both in clustering and in
# CIEDE2000 (k_L = 2, the setting for textured surfaces, CIE 142-2001).
LIGHTNESS_FACTOR = 2.0
# With k_L = 2, closer clusters than this are one colour under different light; two pans differ by more.
SAME_COLOUR = 4.0
# Smaller clusters are leaks of the mask, not a colour of the product.
MIN_SHARE = 0.03

# Where one colour covers at least DOMINANT of the material, a small cluster that is this much lighter or
# darker is its highlight or deep shadow; a highlight shows the lamp, so it is also paler. The pans of a
# palette stay: none of them dominates.
DOMINANT = 0.5
HIGHLIGHT_SHARE = 0.1
HIGHLIGHT_STEP = 15.0
HIGHLIGHT_CHROMA = 0.7
PALE_CHROMA = 8.0  # pale beside any colour
# Light that a surface mirrors lies over its own colour and pales it (Shafer 1985, the dichromatic reflection model):
# of two large clusters of one hue the darker, more chromatic one is the body's colour, also where it is the smaller.
BODY_SHARE = 0.25  # of the largest cluster
BODY_HUE = 25.0  # degrees
BODY_CHROMA = 1.15
BODY_STEP = 4.0  # of L*
# The ends of a cluster's lightness, by percentile, that are left out of its colour.
TRIM = (10.0, 90.0)


@dataclass(frozen=True, slots=True)
class _Cluster:
    lab: Array  # (3,)
    share: float


def measure(image: Image.Image, regions: NDArray[np.uint8]) -> Shade:
    """The shade of the pixels marked MATERIAL; `regions` (H, W) has the image's size.

    `palette` holds up to 12 colours, the largest first, and `main` is the first of them; only where the largest
    shows a reflection of another's colour, that comes first. Shares are parts of
    the material, highlights and shadows included, so they need not add up to 1. The result is deterministic.
    Raises ValueError when the image is not RGB or the sizes differ.
    """
    if image.mode != "RGB":
        raise ValueError(f"an RGB image is wanted, not mode {image.mode}")
    if regions.shape != (image.height, image.width):
        size = f"{image.height} x {image.width}"
        raise ValueError(f"regions of shape {regions.shape} do not fit an image of {size}")
    material = regions == MATERIAL
    if not material.any() or material.mean() < MIN_MATERIAL:
        return Shade(visible=False, main=None, palette=())
    swatches = tuple(_swatch(cluster) for cluster in _palette(_material_pixels(image, material)))
    return Shade(visible=True, main=swatches[0], palette=swatches)


def _material_pixels(image: Image.Image, material: NDArray[np.bool_]) -> Array:
    """CIELAB (N, 3) of at most SAMPLE inner pixels of the material."""
    step = -(-max(material.shape) // GRID_SIDE)
    coarse = material[::step, ::step]
    if not coarse.any():  # specks that the grid misses
        step, coarse = 1, material
    radius = max(1, round(EROSION * min(coarse.shape)))
    inner = ndimage.binary_erosion(coarse, iterations=radius, border_value=1)
    colours = np.asarray(image)[::step, ::step]
    if inner.sum() < KEEP_MATERIAL * coarse.sum():
        inner = coarse
    else:
        colours = _smooth(colours, inner)
    rows, columns = np.nonzero(inner)
    if len(rows) > SAMPLE:
        chosen = np.random.default_rng(SEED).choice(len(rows), SAMPLE, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    return srgb_to_lab(colours[rows, columns])


def _smooth(colours: NDArray[np.uint8], inner: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The mean over the inner ones of each pixel's 3 x 3 neighbours: less noise, nothing mixed in."""
    weights = inner[..., None].astype(np.float32)
    total = ndimage.uniform_filter(colours * weights, size=(3, 3, 1))
    count = np.maximum(ndimage.uniform_filter(weights, size=(3, 3, 1)), 1e-6)
    return np.asarray(np.rint(total / count).clip(0, 255), dtype=np.uint8)


def _palette(pixels: Array) -> list[_Cluster]:
    """The colours of the pixels (N, 3), the largest first, without highlights, shadows and leaks."""
    labels = _colour_of_each(pixels)
    members = [labels == label for label in np.unique(labels)]
    clusters = [_Cluster(_centre(pixels[member]), float(member.mean())) for member in members]
    main, *others = sorted(clusters, key=lambda cluster: -cluster.share)
    kept = [other for other in others if other.share >= MIN_SHARE and not _is_light_or_shade(other, main)]
    bodies = [other for other in kept if _is_body_of(other, main)]
    if bodies:
        body = max(bodies, key=lambda cluster: float(np.hypot(*cluster.lab[1:])))
        kept = [main, *(other for other in kept if other is not body)]
        main = body
    return [main, *kept][:MAX_SWATCHES]


def _colour_of_each(pixels: Array) -> NDArray[np.intp]:
    """A label (N,) for each pixel: k-means in CIELAB, then clusters of the same colour merged."""
    scaled = pixels / (LIGHTNESS_FACTOR, 1.0, 1.0)
    count = min(CLUSTERS, len(np.unique(scaled, axis=0)))
    if count == 1:
        return np.zeros(len(pixels), dtype=np.intp)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a cluster may run empty; it then labels no pixel
        centres, labels = kmeans2(scaled, count, iter=10, minit="++", rng=np.random.default_rng(SEED))
    labs = centres * (LIGHTNESS_FACTOR, 1.0, 1.0)
    between = deltaE_ciede2000(labs[:, None], labs[None], kL=LIGHTNESS_FACTOR)
    tree = linkage(squareform(between, checks=False), "average")
    merged = fcluster(tree, SAME_COLOUR, criterion="distance")
    return np.asarray(merged[labels], dtype=np.intp)


def _centre(pixels: Array) -> Array:
    """The median of (N, 3) per component after both ends of lightness are left out."""
    low, high = np.percentile(pixels[:, 0], TRIM, method="nearest")
    return np.asarray(np.median(pixels[(pixels[:, 0] >= low) & (pixels[:, 0] <= high)], axis=0))


def _is_light_or_shade(cluster: _Cluster, main: _Cluster) -> bool:
    if main.share < DOMINANT or cluster.share >= HIGHLIGHT_SHARE:
        return False
    step = cluster.lab[0] - main.lab[0]
    paler = np.hypot(*cluster.lab[1:]) < max(HIGHLIGHT_CHROMA * np.hypot(*main.lab[1:]), PALE_CHROMA)
    return bool(step < -HIGHLIGHT_STEP or (step > HIGHLIGHT_STEP and paler))


def _is_body_of(cluster: _Cluster, main: _Cluster) -> bool:
    """Whether the largest cluster shows the colour of `cluster` under a paling reflection."""
    if main.share + cluster.share < DOMINANT or cluster.share < BODY_SHARE * main.share:
        return False
    (hue, chroma), (main_hue, main_chroma) = (
        (np.degrees(np.arctan2(lab[2], lab[1])), np.hypot(*lab[1:])) for lab in (cluster.lab, main.lab)
    )
    turned = abs((hue - main_hue + 180.0) % 360.0 - 180.0)
    darker = cluster.lab[0] < main.lab[0] - BODY_STEP
    return bool(turned < BODY_HUE and chroma > BODY_CHROMA * main_chroma and darker)


def _swatch(cluster: _Cluster) -> Swatch:
    lightness, a, b = (round(float(value), 2) for value in cluster.lab)
    lab: Lab = (lightness, a, b)
    name = name_colour(lab)
    return Swatch(name.phrase, lab_to_hex(lab), lab, round(cluster.share, 3), name.undertone, name.depth)
