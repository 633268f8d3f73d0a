"""What a rendered set holds: python -m data.distribution --data renders --out distribution.png [--shades shades.csv]

Prints a Markdown table of how far each type's albedos lie from the shades that are sold (columns of the CSV: kind,
name, hex; without it, from the densities that were fitted to them), and draws the set's distributions.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from beauty_vlm.colour import Array, lab_to_srgb
from beauty_vlm.vocabulary import product_types
from data.fit_shades import energy_distance, read_shades
from data.shades import KINDS, sample_shade
from data.shards import DataMissing, table

SEED = 0
SAMPLES = 2000  # drawn from the densities where no list is given
FEWEST = 20  # albedos; fewer say nothing of a density
BARS = ("product_type", "finish", "background", "layout", "packaging")
MOST_BARS = 24
COLUMNS = ["product_type", "finish", "background", "layout", "packaging", "albedo_lab", "shade_visible", "regions"]


@dataclass(frozen=True)
class Gap:
    """How far the albedos (N, 3) of one type lie from its reference, in CIELAB units.

    `energy` is the square root of Székely and Rizzo's energy distance, so that it reads as a distance; `spread` is
    that of two halves of the reference, i.e. what no sampler can beat. `published` tells a list from a density.
    """

    product_type: str
    count: int
    energy: float
    spread: float
    published: bool


def gaps(types: list[str], albedos: list[list[float] | None], published: dict[str, Array] | None) -> list[Gap]:
    """One `Gap` for each type with at least FEWEST albedos, in the vocabulary's order."""
    dice = np.random.default_rng(SEED)
    found = []
    for term in product_types():
        lab = np.array([a for t, a in zip(types, albedos, strict=True) if t == term.label and a])
        if len(lab) < FEWEST:
            continue
        kinds = KINDS[term.label]
        listed = published is not None and all(kind in published for kind in kinds)
        if published is not None and listed:
            # As the sampler does, each kind has the same say, however long its list is.
            size = min(SAMPLES, *(len(published[kind]) for kind in kinds))
            reference = np.concatenate([dice.permutation(published[kind])[:size] for kind in kinds])
        else:
            reference = np.array([sample_shade(term.label, dice) for _ in range(SAMPLES)])
        half = dice.permutation(len(reference))
        one, other = reference[half[::2]], reference[half[1::2]]
        found.append(Gap(term.label, len(lab), _root(lab, reference), _root(one, other), listed))
    return found


def to_markdown(found: list[Gap]) -> str:
    """A table with a row for each type."""
    lines = ["| product type | albedos | distance | of two halves | from |", "|---|---|---|---|---|"]
    for gap in found:
        source = "published shades" if gap.published else "the density set by hand or fitted"
        lines.append(f"| {gap.product_type} | {gap.count} | {gap.energy:.1f} | {gap.spread:.1f} | {source} |")
    return "\n".join(lines)


def plot(rows: Any, out: Path) -> None:
    """Bars of the labels, the share of pixels by region, and albedos in the a*, b* plane coloured as they are."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(2, 4, figsize=(22, 13), constrained_layout=True)
    for axis, column in zip(axes.flat, BARS, strict=False):
        counts = Counter(value or "none" for value in rows[column]).most_common(MOST_BARS)
        axis.barh([str(label)[:32] for label, _ in counts][::-1], [count for _, count in counts][::-1], color="#8a5a6b")
        axis.set_title(column.replace("_", " "))
    lab = np.array([albedo for albedo in rows["albedo_lab"] if albedo])
    lightness, plane = axes.flat[len(BARS)], axes.flat[len(BARS) + 1]
    lightness.hist(lab[:, 0], bins=40, color="#8a5a6b")
    lightness.set_title("albedo L*")
    plane.scatter(lab[:, 1], lab[:, 2], c=np.clip(lab_to_srgb(lab), 0, 1), s=5)
    plane.set_title("albedo a*, b*")
    plane.set_aspect("equal")
    shares = [float((np.asarray(mask) == 2).mean()) for mask in rows.select(range(min(1000, len(rows))))["regions"]]
    axes.flat[len(BARS) + 2].hist(shares, bins=40, color="#8a5a6b")
    axes.flat[len(BARS) + 2].set_title("share of pixels that are material")
    figure.savefig(out, dpi=60)
    pyplot.close(figure)


def _root(one: Array, other: Array) -> float:
    return float(np.sqrt(max(energy_distance(one, other), 0.0)))


def main(
    data: Annotated[Path, typer.Option(help="Folder of Parquet shards.")],
    out: Annotated[Path, typer.Option(help="The picture to write.")],
    shades: Annotated[Path | None, typer.Option(help="CSV of published shades: kind, name, hex.")] = None,
) -> None:
    """Distances of the albedos to the shades that are sold, and plots of all labels."""
    try:
        rows = table([data], COLUMNS, decode=True)
    except DataMissing as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    print(to_markdown(gaps(rows["product_type"][:], rows["albedo_lab"][:], read_shades(shades) if shades else None)))
    plot(rows, out)


if __name__ == "__main__":
    typer.run(main)
