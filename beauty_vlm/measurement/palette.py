"""The palette of a material: its pixels' colours in CIELAB as a few clusters, the product's own colour first."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist, squareform
from skimage.color import deltaE_ciede2000

from beauty_vlm.colour import Array, ciede2000, srgb_to_lab

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
# The product's colour is where its colours lie densest, not the largest cluster: gold, print and glass that the mask
# let in lie apart, while the light and dark sides of one material lie together. The kernel's width, in CIEDE2000, was
# chosen on 917 training renders among 4 to 30; from 10 to 20 do alike. Figures: finetune/TRIALS.md.
KERNEL = 12.0
# The ends of a cluster's lightness, by percentile, that are left out of its colour.
TRIM = (10.0, 90.0)
# How k-means happens to cut a continuous shading hangs on single pixels, and with it a cluster's colour. The main
# colour is therefore the summit of the pixels' own density, at the same kernel, that its cluster lies beside. On 64
# pairs of renders that differ in printed words alone it moves by less than 2 CIEDE2000 in 91%, the cluster's own colour
# in 72%. With the exact masks of 60 sample renders its mean error falls from 3.0 to 2.5.
CELL = 2.0  # pixels are thinned to the means of CIELAB cells of this side: far below any kernel's width
OFFSET = 128.0  # makes every cell's number, -54 or more, one above zero and below 256
CLIMB_STEPS = 30
SETTLED = 0.02  # CIELAB units: less cannot be seen


@dataclass(frozen=True, slots=True)
class Cluster:
    """One colour of a material, and the part of its pixels, 0..1, that has it."""

    lab: Array  # (3,)
    share: float


def clustered(colours: NDArray[np.uint8]) -> list[Cluster]:
    """The clusters of sRGB colours (N, 3), the product's first, then the largest; no highlights, shadows or leaks."""
    pixels = srgb_to_lab(colours)
    labels = _colour_of_each(pixels, len(np.unique(_keys(colours))))
    members = [labels == label for label in np.unique(labels)]
    clusters = [Cluster(centre(pixels[member]), float(member.mean())) for member in members]
    largest, *others = sorted(clusters, key=lambda cluster: -cluster.share)
    kept = [other for other in others if other.share >= MIN_SHARE and not _is_light_or_shade(other, largest)]
    kept = [largest, *kept]
    densest = _densest(kept)
    summit = _summit(kept[densest].lab, pixels)
    others = [cluster for number, cluster in enumerate(kept) if number != densest]
    return _folded(Cluster(summit, kept[densest].share), others)


def together(main: list[Cluster], part: float, rest: list[Cluster]) -> list[Cluster]:
    """The clusters of a material whose `part`, 0..1, has those of `main`: its first, then the largest of all."""
    first, *others = [Cluster(cluster.lab, cluster.share * part) for cluster in main]
    others += [Cluster(cluster.lab, cluster.share * (1.0 - part)) for cluster in rest]
    left = sorted((other for other in others if other.share >= MIN_SHARE), key=lambda cluster: -cluster.share)
    first, *left = _folded(first, left)
    told = [first]
    while left and len(told) < MAX_SWATCHES:
        largest, *left = _folded(left[0], left[1:])
        told.append(largest)
    return told


def _folded(main: Cluster, clusters: list[Cluster]) -> list[Cluster]:
    """`main`, with the shares of all clusters of its colour, and the others after it."""
    if not clusters:
        return [main]
    apart = deltaE_ciede2000(main.lab[None], np.stack([other.lab for other in clusters]), kL=LIGHTNESS_FACTOR)
    same = main.share + sum(other.share for other, step in zip(clusters, apart, strict=True) if step < SAME_COLOUR)
    others = [other for other, step in zip(clusters, apart, strict=True) if step >= SAME_COLOUR]
    return [Cluster(main.lab, same), *others][:MAX_SWATCHES]


def _densest(clusters: list[Cluster]) -> int:
    """The cluster where the density of all, with a Gaussian kernel, is highest; of equals the first."""
    labs = np.stack([cluster.lab for cluster in clusters])
    kernel = np.exp(-((ciede2000(labs[:, None], labs[None]) / KERNEL) ** 2))
    return int(np.argmax(kernel @ np.array([cluster.share for cluster in clusters])))


def _summit(lab: Array, pixels: Array) -> Array:
    """The colour (3,) up from `lab` about which the pixels (N, 3) lie densest.

    Mean shift with a Gaussian kernel: Comaniciu and Meer, IEEE Trans. Pattern Anal. Mach. Intell. 24 (2002) 603-619.
    """
    keys = _keys(np.rint(pixels / CELL) + OFFSET)
    _, cells, counts = np.unique(keys, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(cells, channel) / counts for channel in pixels.T], axis=1)
    for _ in range(CLIMB_STEPS):
        weights = counts * np.exp(-((ciede2000(lab, means) / KERNEL) ** 2))
        before, lab = lab, weights @ means / weights.sum()
        if np.abs(lab - before).max() < SETTLED:
            break
    return np.asarray(lab)


def _keys(rows: NDArray[np.generic]) -> NDArray[np.int64]:
    """One number (N,) for each row (N, 3) of whole numbers 0..255, in the rows' order."""
    return np.asarray(rows.astype(np.int64) @ np.array([1 << 16, 1 << 8, 1]))


def _colour_of_each(pixels: Array, distinct: int) -> NDArray[np.intp]:
    """A label (N,) for each pixel: k-means in CIELAB, then clusters of the same colour merged.

    `distinct` is how many of the pixels differ.
    """
    scaled = pixels / (LIGHTNESS_FACTOR, 1.0, 1.0)
    if distinct == 1:
        return np.zeros(len(pixels), dtype=np.intp)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a cluster may run empty; it then labels no pixel
        centres, labels = kmeans2(scaled, _seeds(scaled, min(CLUSTERS, distinct)), iter=10, minit="matrix")
    labs = centres * (LIGHTNESS_FACTOR, 1.0, 1.0)
    between = deltaE_ciede2000(labs[:, None], labs[None], kL=LIGHTNESS_FACTOR)
    tree = linkage(squareform(between, checks=False), "average")
    merged = fcluster(tree, SAME_COLOUR, criterion="distance")
    return np.asarray(merged[labels], dtype=np.intp)


def _seeds(points: Array, count: int) -> Array:
    """`count` of the points (N, 3) to begin k-means from, far from each other.

    k-means++: Arthur and Vassilvitskii, Proc. 18th ACM-SIAM Symp. Discrete Algorithms (2007) 1027-1035; as in SciPy,
    but for the distances, each of which is computed once.
    """
    rng = np.random.default_rng(SEED)
    chosen = [int(rng.integers(len(points)))]
    nearest = np.full(len(points), np.inf)
    for _ in range(count - 1):
        nearest = np.minimum(nearest, cdist(points[chosen[-1:]], points, "sqeuclidean")[0])
        shares = (nearest / nearest.sum()).cumsum()
        chosen.append(int(np.searchsorted(shares, rng.uniform())))
    return np.asarray(points[chosen])


def centre(pixels: Array) -> Array:
    """The median of (N, 3) per component after both ends of lightness are left out."""
    low, high = np.percentile(pixels[:, 0], TRIM, method="nearest")
    return np.asarray(np.median(pixels[(pixels[:, 0] >= low) & (pixels[:, 0] <= high)], axis=0))


def _is_light_or_shade(cluster: Cluster, main: Cluster) -> bool:
    if main.share < DOMINANT or cluster.share >= HIGHLIGHT_SHARE:
        return False
    step = cluster.lab[0] - main.lab[0]
    paler = np.hypot(*cluster.lab[1:]) < max(HIGHLIGHT_CHROMA * np.hypot(*main.lab[1:]), PALE_CHROMA)
    return bool(step < -HIGHLIGHT_STEP or (step > HIGHLIGHT_STEP and paler))
