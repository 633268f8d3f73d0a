"""The shade of a product: its material's colours in CIELAB, measured from the photo's pixels and named."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist, squareform
from skimage.color import deltaE_ciede2000

from beauty_vlm.measurement import light
from beauty_vlm.measurement.colour import Array, ciede2000, labs_to_hex, srgb_to_lab
from beauty_vlm.measurement.regions import MATERIAL, share
from beauty_vlm.measurement.thinning import step_to, thinned
from beauty_vlm.report import Lab, Light, Shade, Swatch
from beauty_vlm.vocabulary import look_up, name_colour

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

# How far off the main colour may be: fitted as the 68% quantile of its error on training renders, with the masks of the
# segmenter (`python -m data.check_shades --data DIR --fit`). DISAGREE is a unit per unit of the mean distance of the
# material's colours from it, each at most FAR; SMALL is that of each tenfold by which the material covers less than
# LARGE of the photo. 8-bit colours, JPEG and a person's eye leave LEAST.
DISAGREE, SMALL, LEAST = 0.85, 2.35, 0.5
FAR, LARGE = 20.0, 0.1


@dataclass(frozen=True, slots=True)
class _Cluster:
    lab: Array  # (3,)
    share: float


@dataclass(frozen=True)
class Photo:
    """An RGB photo and its `regions` (H, W) of the same size, read once however many regions are measured.

    Raises ValueError when the image is not RGB or the sizes differ.
    """

    image: Image.Image
    regions: NDArray[np.uint8]

    def __post_init__(self) -> None:
        image, regions = self.image, self.regions
        if image.mode != "RGB":
            raise ValueError(f"an RGB image is wanted, not mode {image.mode}")
        if regions.shape != (image.height, image.width):
            size = f"{image.height} x {image.width}"
            raise ValueError(f"regions of shape {regions.shape} do not fit an image of {size}")

    @cached_property
    def step(self) -> int:
        """Of the grid on which `colours` are read."""
        return step_to(GRID_SIDE, self.regions.shape)

    @cached_property
    def colours(self) -> NDArray[np.uint8]:
        """sRGB (h, w, 3) on the grid."""
        return thinned(self.image, self.step)

    @cached_property
    def light(self) -> light.Grid:
        """What tells of the photo's light."""
        return light.read(self.image, self.regions)


def measure(image: Image.Image, regions: NDArray[np.uint8], region: int = MATERIAL) -> Shade:
    """The shade of the pixels marked `region`; `regions` (H, W), of `measurement.regions`, has the image's size.

    As `measure_region`. Raises ValueError when the image is not RGB or the sizes differ.
    """
    return measure_region(Photo(image, regions), region)


def measure_region(photo: Photo, region: int = MATERIAL) -> Shade:
    """The shade of the pixels marked `region`.

    `palette` holds up to 12 colours: `main` first, about which the region's colours lie densest, then the largest.
    Shares are parts of the region, highlights and shadows included, so they need not add up to 1. `main` alone has an
    uncertainty. Light and correction are told for the material only; where the photo hides the colour, `unjudged`
    says why, and no colour is given. The result is deterministic.
    """
    area = share(photo.regions, region)
    if area == 0.0 or area < MIN_MATERIAL:
        return Shade(visible=False, main=None, palette=())
    if reason := light.unjudged(photo.light, region):
        return Shade(visible=True, main=None, palette=(), unjudged=reason)
    clusters = _palette(_inner_colours(photo, region))
    palette = _swatches(clusters, _uncertainty(clusters, area))
    main = palette[0]
    if region != MATERIAL:
        return Shade(visible=True, main=main, palette=palette)
    told = light.estimate(photo.light)
    return Shade(visible=True, main=main, palette=palette, corrected=_corrected(clusters[0], main, told), light=told)


def _corrected(cluster: _Cluster, main: Swatch, told: Light | None) -> Swatch | None:
    lab = light.corrected(cluster.lab, told) if told is not None else None
    if lab is None or main.uncertainty is None:
        return None
    # A light's own estimate is no better than what is neglected of it.
    return _swatches([_Cluster(lab, cluster.share)], float(np.hypot(main.uncertainty, light.NEGLIGIBLE)))[0]


def _uncertainty(clusters: list[_Cluster], area: float) -> float:
    """One standard deviation of the first cluster's colour in CIEDE2000; `area` is the material's part of the photo."""
    shares = np.array([cluster.share for cluster in clusters])
    apart = ciede2000(clusters[0].lab, np.stack([cluster.lab for cluster in clusters]))
    disagreement = float(np.minimum(apart, FAR) @ shares / shares.sum())
    return max(LEAST, DISAGREE * disagreement + SMALL * max(0.0, float(np.log10(LARGE / area))))


def _inner_colours(photo: Photo, region: int) -> NDArray[np.uint8]:
    """sRGB (N, 3) of at most SAMPLE inner pixels of a region."""
    step, colours = photo.step, photo.colours
    coarse = photo.regions[::step, ::step] == region
    if not coarse.any():  # specks that the grid misses
        coarse, colours = photo.regions == region, np.asarray(photo.image)
    radius = max(1, round(EROSION * min(coarse.shape)))
    # Nothing beyond the region's box and what the filters reach is looked at.
    box = tuple(
        slice(max(0, int(ends[0]) - radius - 1), int(ends[-1]) + radius + 2)
        for ends in (np.flatnonzero(coarse.any(axis=axis)) for axis in (1, 0))
    )
    coarse, colours = coarse[box], colours[box]
    inner = ndimage.binary_erosion(coarse, iterations=radius, border_value=1)
    eroded = np.count_nonzero(inner) >= KEEP_MATERIAL * np.count_nonzero(coarse)
    rows, columns = np.nonzero(inner if eroded else coarse)
    if len(rows) > SAMPLE:
        chosen = np.random.default_rng(SEED).choice(len(rows), SAMPLE, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    return _smooth(colours, inner, rows, columns) if eroded else colours[rows, columns]


def _smooth(
    colours: NDArray[np.uint8], inner: NDArray[np.bool_], rows: NDArray[np.intp], columns: NDArray[np.intp]
) -> NDArray[np.uint8]:
    """The mean (N, 3) over the inner ones of 3 x 3 pixels about each of N: less noise, nothing mixed in."""
    near = tuple(
        np.clip(at + np.array([[-1], [0], [1]]), 0, side - 1)
        for at, side in zip((rows, columns), inner.shape, strict=True)
    )
    window = near[0][:, None], near[1][None]  # (3, 3, N)
    weights = inner[window][..., None]
    total, count = (_of_three(_of_three(values)) for values in (colours[window] * weights, weights))
    return np.asarray(np.rint(total / count).clip(0, 255), dtype=np.uint8)


def _of_three(values: NDArray[np.generic]) -> NDArray[np.float32]:
    """The mean over the first axis, of 3; in single precision as SciPy's `uniform_filter`, with which the constants
    here were fitted: a colour halfway between two levels goes either way by its last bit.
    """
    return np.asarray(values.sum(axis=0, dtype=np.float64) / 3.0, dtype=np.float32)


def _palette(colours: NDArray[np.uint8]) -> list[_Cluster]:
    """The clusters of sRGB colours (N, 3), the product's first, then the largest; no highlights, shadows or leaks."""
    pixels = srgb_to_lab(colours)
    labels = _colour_of_each(pixels, len(np.unique(_keys(colours))))
    members = [labels == label for label in np.unique(labels)]
    clusters = [_Cluster(_centre(pixels[member]), float(member.mean())) for member in members]
    largest, *others = sorted(clusters, key=lambda cluster: -cluster.share)
    kept = [other for other in others if other.share >= MIN_SHARE and not _is_light_or_shade(other, largest)]
    kept = [largest, *kept]
    densest = _densest(kept)
    summit = _summit(kept[densest].lab, pixels)
    apart = deltaE_ciede2000(summit[None], np.stack([cluster.lab for cluster in kept]), kL=LIGHTNESS_FACTOR)
    same = [number == densest or distance < SAME_COLOUR for number, distance in enumerate(apart)]
    main = _Cluster(summit, sum(cluster.share for cluster, is_main in zip(kept, same, strict=True) if is_main))
    others = [cluster for cluster, is_main in zip(kept, same, strict=True) if not is_main]
    return [main, *others][:MAX_SWATCHES]


def _densest(clusters: list[_Cluster]) -> int:
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


def _swatches(clusters: Sequence[_Cluster], uncertainty: float) -> tuple[Swatch, ...]:
    """The clusters as they are told, the first with its uncertainty."""
    labs = [_told(cluster.lab) for cluster in clusters]
    look_up(labs)
    names = [name_colour(lab) for lab in labs]
    errors = [round(uncertainty, 2), *(None for _ in clusters[1:])]
    return tuple(
        Swatch(name.phrase, code, lab, round(cluster.share, 3), name.undertone, name.depth, error)
        for cluster, lab, code, name, error in zip(clusters, labs, labs_to_hex(labs), names, errors, strict=True)
    )


def _told(lab: Array) -> Lab:
    lightness, a, b = (round(float(value), 2) for value in lab)
    return lightness, a, b
