"""The shade of a product: its material's colours in CIELAB, measured from the photo's pixels and named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from beauty_vlm.colour import Array, ciede2000, labs_to_hex
from beauty_vlm.measurement import light
from beauty_vlm.measurement.palette import SEED, Cluster, clustered, together
from beauty_vlm.measurement.pieces import by_shade
from beauty_vlm.measurement.regions import MATERIAL, MIN_MATERIAL, PACKAGING, exposed, share
from beauty_vlm.measurement.thinning import step_to, thinned
from beauty_vlm.report import Lab, Light, Shade, Swatch
from beauty_vlm.vocabulary import look_up, name_colour

# Pixels are read on a grid of at most this many a side: enough for every colour, and large photos stay fast.
GRID_SIDE = 512
# Boundary pixels mix two colours: the mask is eroded by this part of the shorter side (1 pixel at 224),
# unless less than KEEP_MATERIAL of it were left, as on thin strokes and wands.
EROSION = 0.005
KEEP_MATERIAL = 0.3
# A random sample of this many pixels gives shares to within 1.5% (two standard errors); of what surrounds the material,
# of which no more than a colour's name is told, to within 3%.
SAMPLE, SAMPLE_AROUND = 4096, 1024
MOST_OTHERS = 4  # shades of other pieces: of more, the palette tells

# How far off the main colour may be: fitted as the 68% quantile of its error on 1,624 renders that no training saw, by
# the masks of the segmenter (`python -m data.check_shades --data DIR --fit`).
# DISAGREE is a unit per unit of the mean distance of the material's colours from it, each at most FAR; SMALL is that of
# each tenfold by which the material covers less than LARGE of the photo. 8-bit colours, JPEG and a person's eye leave
# LEAST.
DISAGREE, SMALL, LEAST = 0.68, 2.72, 0.5
FAR, LARGE = 20.0, 0.1


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
    def grid(self) -> NDArray[np.uint8]:
        """The regions (h, w) on the grid."""
        return self.regions[:: self.step, :: self.step]

    @cached_property
    def colours(self) -> NDArray[np.uint8]:
        """sRGB (h, w, 3) on the grid."""
        return thinned(self.image, self.step)

    @cached_property
    def light(self) -> light.Grid:
        """What tells of the photo's light."""
        return light.read(self.image, self.regions)


HIDDEN = Shade(visible=False, main=None, palette=())


def measure(
    image: Image.Image,
    regions: NDArray[np.uint8],
    region: int = MATERIAL,
    any_light: bool = False,
    least: float = MIN_MATERIAL,
) -> Shade:
    """The shade of the pixels marked `region`; `regions` (H, W), of `measurement.regions`, has the image's size.

    As `measure_region`. Raises ValueError when the image is not RGB or the sizes differ.
    """
    return measure_region(Photo(image, regions), region, any_light, least)


def measure_region(photo: Photo, region: int = MATERIAL, any_light: bool = False, least: float = MIN_MATERIAL) -> Shade:
    """The shade of the pixels marked `region`; none is visible where they are less than `least` of the photo, 0..1.

    `palette` holds up to 12 colours: `main` first, about which the region's colours lie densest, then the largest.
    Where some of the material stands free and some lies in its package, `main` is the former's: a wall veils a colour.
    Of pieces of several shades it is the largest's, those of one shade taken together, and `others` holds the rest.
    Shares are parts of the region, highlights and shadows included, so they need not add up to 1. `main` and `others`
    alone have an uncertainty. Light and correction are told for the material only; where the photo hides the colour,
    `unjudged` says why, and no colour is given, unless `any_light` is to do. The result is deterministic.
    """
    area = share(photo.regions, region)
    if area == 0.0 or area < least:
        return unseen(photo) if region == MATERIAL and not any_light else HIDDEN
    if not any_light and (reason := light.unjudged(photo.light, region)):
        return Shade(visible=True, main=None, palette=(), unjudged=reason)
    mask, (read, *apart) = _where(photo, region)
    part = _part(read, mask)
    clusters = clustered(_inner_colours(photo, read, region))
    uncertainty = _uncertainty(*_doubts(clusters, area * part))
    if part < 1.0:
        clusters = together(clusters, part, clustered(_inner_colours(photo, mask & ~read, region)))
    palette = _swatches(clusters, uncertainty)
    main = palette[0]
    if region != MATERIAL:
        return Shade(visible=True, main=main, palette=palette)
    told = light.estimate(photo.light)
    corrected = _corrected(clusters[0], main, told)
    others = tuple(_other(photo, one, area, _part(one, mask)) for one in apart[:MOST_OTHERS])
    return Shade(visible=True, main=main, palette=palette, corrected=corrected, light=told, others=others)


def unseen(photo: Photo) -> Shade:
    """That no shade is to be seen; of a photo without colours, which tell material from package, that none can be
    judged.
    """
    if light.is_colourless(photo.light, PACKAGING):
        return Shade(visible=False, main=None, palette=(), unjudged=light.BLACK_AND_WHITE)
    return HIDDEN


def _other(photo: Photo, read: NDArray[np.bool_], area: float, part: float) -> Swatch:
    """The shade of other pieces of the material, which covers `area` of the photo; they are `part` of it."""
    clusters = clustered(_inner_colours(photo, read, MATERIAL))
    own = Cluster(clusters[0].lab, part)
    return _swatches([own], _uncertainty(*_doubts(clusters, area * part)))[0]


def _corrected(cluster: Cluster, main: Swatch, told: Light | None) -> Swatch | None:
    lab = light.corrected(cluster.lab, told) if told is not None else None
    if lab is None or main.uncertainty is None:
        return None
    # A light's own estimate is no better than what is neglected of it.
    return _swatches([Cluster(lab, cluster.share)], float(np.hypot(main.uncertainty, light.NEGLIGIBLE)))[0]


def doubts(photo: Photo) -> tuple[float, float]:
    """What the main shade's uncertainty is reckoned from: how far the colours where it is read lie from it on average,
    in CIEDE2000, each at most FAR; and by how many tenfolds they cover less than LARGE of the photo.
    """
    mask, (read, *_) = _where(photo, MATERIAL)
    area = share(photo.regions, MATERIAL) * _part(read, mask)
    return _doubts(clustered(_inner_colours(photo, read, MATERIAL)), area)


def _where(photo: Photo, region: int) -> tuple[NDArray[np.bool_], list[NDArray[np.bool_]]]:
    """The region (h, w) on the grid; and where of it the shade is read, then those of other pieces."""
    mask = photo.grid == region
    return mask, by_shade(exposed(photo.grid), photo.colours) if region == MATERIAL else [mask]


def _part(read: NDArray[np.bool_], mask: NDArray[np.bool_]) -> float:
    return np.count_nonzero(read) / np.count_nonzero(mask) if mask.any() else 1.0


def _doubts(clusters: list[Cluster], area: float) -> tuple[float, float]:
    shares = np.array([cluster.share for cluster in clusters])
    apart = ciede2000(clusters[0].lab, np.stack([cluster.lab for cluster in clusters]))
    return float(np.minimum(apart, FAR) @ shares / shares.sum()), max(0.0, float(np.log10(LARGE / area)))


def _uncertainty(disagreement: float, smallness: float) -> float:
    """The error of the main colour, in CIEDE2000, that 68% stay below."""
    return max(LEAST, DISAGREE * disagreement + SMALL * smallness)


def _inner_colours(photo: Photo, coarse: NDArray[np.bool_], region: int) -> NDArray[np.uint8]:
    """sRGB (N, 3) of a region's inner pixels, or of those that `coarse` marks on the grid; of many a sample."""
    colours = photo.colours
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
    most = SAMPLE if region == MATERIAL else SAMPLE_AROUND
    if len(rows) > most:
        chosen = np.random.default_rng(SEED).choice(len(rows), most, replace=False)
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


def _swatches(clusters: Sequence[Cluster], uncertainty: float) -> tuple[Swatch, ...]:
    """The clusters as they are told, the first with its uncertainty."""
    labs = [_told(cluster.lab) for cluster in clusters]
    look_up(labs)
    names = [name_colour(lab) for lab in labs]
    errors = [round(uncertainty, 2), *(None for _ in clusters[1:])]
    return tuple(
        Swatch(name.phrase, code, lab, round(float(cluster.share), 3), name.undertone, name.depth, error)
        for cluster, lab, code, name, error in zip(clusters, labs, labs_to_hex(labs), names, errors, strict=True)
    )


def _told(lab: Array) -> Lab:
    lightness, a, b = (round(float(value), 2) for value in lab)
    return lightness, a, b
