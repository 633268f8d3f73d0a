"""Whether the shade is read in the right place, on renders whose regions are known exactly, as a Markdown table.

    python -m data.check_places --data DIR [--data DIR …] [--count N] [--found]

Of material that stands free and material in its package: how far each is off the material's own colour (albedo). Of
several pieces: how far the colour measured of all is off the nearest piece's, and how far that which the app measures;
and each of the other shades that it measures, all of them and those of little uncertainty. With `--found` it measures,
as in the app, what the embedded segmenter finds, pieces being exact all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from tqdm import tqdm

from beauty_vlm.colour import Array, ciede2000
from beauty_vlm.measurement.palette import clustered
from beauty_vlm.measurement.pieces import SMALL_PIECE
from beauty_vlm.measurement.regions import EIGHT, MATERIAL, MIN_MATERIAL, SPECK, exposed
from beauty_vlm.measurement.shade import measure
from beauty_vlm.models.loader import Loader, ModelUnavailable
from beauty_vlm.vocabulary import MANY_SHADES
from data.shards import table

FAR_OFF = 4.0  # CIEDE2000: another name
LITTLE = 4.0  # an uncertainty up to which shades of other pieces are also counted by themselves


@dataclass(frozen=True, slots=True)
class Places:
    """CIEDE2000 of one render's free, enclosed and whole material from its albedo; of the colours of all its pieces and
    of the measured one from the nearest piece. None where it has not both, or not several pieces. `others` are those of
    each shade measured of other pieces from the nearest, and its uncertainty.
    """

    free: tuple[float, float, float] | None
    pieces: tuple[float, float] | None
    others: tuple[tuple[float, float], ...] = ()


def examined(
    image: Image.Image, regions: NDArray[np.uint8], albedo: Array, found: NDArray[np.uint8] | None = None
) -> Places:
    """One RGB render with its exact regions (H, W) and its main material's CIELAB, and the regions in which its shades
    are measured: None, the exact ones.
    """
    pixels, material, free = np.asarray(image), regions == MATERIAL, exposed(regions)
    shade = measure(image, regions if found is None else found)
    measured, apart = shade.main, None
    if np.count_nonzero(free) < np.count_nonzero(material):
        parts = (free, material & ~free, material)
        first, second, third = (float(ciede2000(_colour(pixels, part), albedo)) for part in parts)
        apart = first, second, third
    labelled, _ = ndimage.label(free, EIGHT)
    sizes = np.bincount(labelled.ravel())
    large = [number for number in range(1, len(sizes)) if sizes[number] >= SMALL_PIECE * sizes[1:].sum()]
    others = []
    if shade.others:
        pieces, count = ndimage.label(material, EIGHT)
        each = [pieces == number for number in range(1, count + 1)]
        own = [_colour(pixels, piece) for piece in each if piece.sum() >= SPECK * piece.size]
        off = [min((float(ciede2000(one.lab, lab)) for lab in own), default=np.inf) for one in shade.others]
        others = [(error, one.uncertainty or 0.0) for error, one in zip(off, shade.others, strict=True)]
    if measured is None or len(large) < 2:
        return Places(apart, None, tuple(others))
    colours = np.stack([_colour(pixels, labelled == number) for number in large])
    joined, read = (float(ciede2000(lab, colours).min()) for lab in (_colour(pixels, free), np.array(measured.lab)))
    return Places(apart, (joined, read), tuple(others))


def to_markdown(found: Iterable[Places]) -> str:
    """The table of these results."""
    found = list(found)
    free = np.array([places.free for places in found if places.free]).reshape(-1, 3)
    pieces = np.array([places.pieces for places in found if places.pieces]).reshape(-1, 2)
    lines = [f"| CIEDE2000 | renders | median | mean | above {FAR_OFF:g} |", "|---|---|---|---|---|"]
    names = ["what stands free, to albedo", "what lies in its package", "all of it"]
    names += ["several pieces: all taken together, to the nearest", "the same: as measured"]
    others = np.array([other for places in found for other in places.others]).reshape(-1, 2)
    names += ["shades of other pieces, to the nearest", f"those of an uncertainty up to {LITTLE:g}"]
    columns = [*free.T, *pieces.T, others[:, 0], others[others[:, 1] <= LITTLE, 0]]
    return "\n".join(lines + [_row(name, errors) for name, errors in zip(names, columns, strict=True)])


def _row(name: str, errors: Array) -> str:
    if not len(errors):
        return f"| {name} | 0 | - | - | - |"
    return (
        f"| {name} | {len(errors)} | {np.median(errors):.1f} | {errors.mean():.1f} | {(errors > FAR_OFF).mean():.1%} |"
    )


def _colour(pixels: NDArray[np.uint8], mask: NDArray[np.bool_]) -> Array:
    """The main colour (3,), CIELAB, of the pixels (H, W, 3) in a mask."""
    return clustered(pixels[mask])[0].lab


def _renders(folders: list[Path], count: int | None) -> Iterator[dict[str, Any]]:
    """Renders of one main shade that can be seen. Raises DataMissing where there are no shards."""
    renders = table(folders, decode=True)
    chosen = zip(renders["shade_visible"], renders["product_type"], strict=True)
    rows = [number for number, (visible, label) in enumerate(chosen) if visible and label not in MANY_SHADES]
    for number in tqdm(rows[:count], unit="render"):
        yield renders[number]


def main(
    data: Annotated[list[Path], typer.Option(help="Folder of Parquet shards; may be given several times.")],
    count: Annotated[int | None, typer.Option(min=1, help="Only so many renders.")] = None,
    found: Annotated[bool, typer.Option("--found", help="Measure what the embedded segmenter finds.")] = False,
) -> None:
    """Errors of the shade by where it is read."""
    try:
        segmenter = Loader().segmenter() if found else None
        places = []
        for row in _renders(data, count):
            image, regions = row["image"].convert("RGB"), np.asarray(row["regions"].convert("L"))
            if np.count_nonzero(regions == MATERIAL) >= MIN_MATERIAL * regions.size:
                seen = segmenter.regions(image) if segmenter else None
                places.append(examined(image, regions, np.array(row["albedo_lab"]), seen))
    except (OSError, ModelUnavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    print(to_markdown(places))


if __name__ == "__main__":
    typer.run(main)
