"""Pairs of renders that differ in the printed words alone, and whether the app falls for them.

    python -m data.stroop --count 200 [--seed 3000] [--out FOLDER]

One picture of a pair carries invented names, the other says a shade, a finish or another product wherever a name
stood ("ROSE", "MATTE", "MASCARA"). What the embedded models say of type, shade and finish should not change. After
Stroop, Studies of interference in serial verbal reactions, 1935.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image
from tqdm import tqdm

from beauty_vlm.analysis import Analyzer
from beauty_vlm.evaluation.metrics import Estimate, estimate
from beauty_vlm.measurement.colour import ciede2000
from beauty_vlm.models.loader import Loader
from beauty_vlm.report import Lab
from data.draw import Draw
from data.render import example
from data.scene import RenderError
from data.typeface import saying

WORDS = ("rose", "nude", "red", "plum", "berry", "coral", "matte", "glossy", "shimmer", "lipstick", "mascara", "serum",
         "foundation", "nail polish", "perfume", "blush", "lip gloss", "sunscreen")  # fmt: skip
SIZE = 256
STEPS = (1.0, 2.0)  # CIEDE2000: just noticed side by side; small beside what a change of light does


@dataclass(frozen=True)
class Pair:
    """Two renders, RGB, of one scene; `word` is what the second says, `changed` the share of pixels that differ."""

    plain: Image.Image
    misleading: Image.Image
    word: str
    changed: float


@dataclass(frozen=True)
class Said:
    """What the app says of one picture; `lab` is the measured shade in CIELAB."""

    product_type: str
    shade: str | None
    finish: str | None
    lab: Lab | None = None


def pairs(seed: int, count: int, size: int = SIZE) -> Iterator[Pair]:
    """`count` pairs whose pictures differ, from renders seed-0, seed-1, …; those that carry no name are passed over."""
    made = index = 0
    while made < count:
        word = Draw((seed, index, 1)).choice(*WORDS)
        try:
            plain = example(seed, index, size)
            with saying(word):
                misleading = example(seed, index, size)
        except RenderError:
            index += 1
            continue
        index += 1
        first, second = (Image.open(io.BytesIO(row["image"]["bytes"])).convert("RGB") for row in (plain, misleading))
        changed = float((np.abs(np.asarray(first, int) - np.asarray(second, int)).max(2) > 24).mean())
        if changed > 0:
            made += 1
            yield Pair(first, second, word, changed)


def said(analyzer: Analyzer, image: Image.Image) -> Said:
    """Type, shade and finish as the app finds them."""
    report = analyzer.describe(image, "short", "pair")
    if report.product_type is None or report.shade is None:
        raise RuntimeError(report.error)
    main = report.shade.main
    return Said(
        report.product_type.label,
        main.name if main else None,
        report.finish.label if report.finish else None,
        main.lab if main else None,
    )


def moved(one: Said, other: Said) -> float:
    """How far the measured shade moved, in CIEDE2000: nothing where neither has one, endlessly where one lost it."""
    if one.lab is None or other.lab is None:
        return 0.0 if one.shade == other.shade else float("inf")
    return float(ciede2000(one.lab, other.lab))


def to_markdown(rows: list[tuple[Said, Said]]) -> str:
    """The shares of pairs that keep what is said, with 95% intervals.

    A name may change where the colour hardly does, at the border of two names: the shares of pairs whose colour moved
    by little are told beside those of names kept.
    """
    measures = {
        "product type": [one.product_type == other.product_type for one, other in rows],
        "shade name": [one.shade == other.shade for one, other in rows],
        "type and shade name": [(a.product_type, a.shade) == (b.product_type, b.shade) for a, b in rows],
        "finish": [one.finish == other.finish for one, other in rows],
        **{f"measured shade within {step:g} CIEDE2000": [moved(*row) < step for row in rows] for step in STEPS},
    }
    lines = ["| kept when the printed words mislead | pairs | share |", "|---|---|---|"]
    for name, kept in measures.items():
        figure: Estimate = estimate(np.mean, np.array(kept, float))
        lines.append(f"| {name} | {figure.n} | {figure.value:.1%} ({figure.low:.1%} to {figure.high:.1%}) |")
    return "\n".join(lines)


def main(
    count: Annotated[int, typer.Option(min=2, help="How many pairs.")] = 200,
    seed: Annotated[int, typer.Option()] = 3000,
    out: Annotated[Path | None, typer.Option(help="Also write the pairs here, side by side, as PNG.")] = None,
) -> None:
    """Renders pairs that differ in printed words and counts what the app says differently."""
    analyzer, rows = Analyzer(Loader()), []
    if out:
        out.mkdir(parents=True, exist_ok=True)
    for number, pair in enumerate(tqdm(pairs(seed, count), total=count, unit="pair")):
        rows.append((said(analyzer, pair.plain), said(analyzer, pair.misleading)))
        if out:
            both = Image.new("RGB", (2 * SIZE, SIZE))
            both.paste(pair.plain, (0, 0))
            both.paste(pair.misleading, (SIZE, 0))
            both.save(out / f"{number:04d} {pair.word}.png")
    print(to_markdown(rows))


if __name__ == "__main__":
    typer.run(main)
