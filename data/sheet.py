"""A contact sheet of rendered shards: python -m data.sheet --data renders --out sheet.jpg [--each 12] [--masks]

One row a product type, in the vocabulary's order; --masks tints material green and packaging blue. With
`--photos FOLDER` (an ImageFolder with labels) each row goes on with photos of that type, to hold one beside the other.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image

from beauty_vlm.evaluation.truths import EvaluationError, read_truths
from beauty_vlm.models.picture import square
from beauty_vlm.vocabulary import product_types
from data.photograph import contact_sheet, outlined
from data.shards import DataMissing, table

SIDE = 96  # pixels a picture: 22 rows still fit on a screen


def sheet(data: Path, out: Path, each: int = 12, masks: bool = False, photos: Path | None = None) -> None:
    """Writes the sheet of the first `each` renders of every type in the shards of `data`, and as many photos.

    Raises:
        DataMissing: there are no shards in `data`.
        EvaluationError: `photos` is no folder of labelled photos.
    """
    renders = table([data], decode=True)
    labels = renders["product_type"]
    blank = np.full((SIDE, SIDE, 3), 255, np.uint8)
    truths = read_truths(photos) if photos else []
    pictures = []
    for term in product_types():
        rows = [row for row, label in enumerate(labels) if label == term.label][:each]
        for row in rows:
            image = np.array(renders[row]["image"].convert("RGB").resize((SIDE, SIDE)))
            if masks:
                image = outlined(image, np.array(renders[row]["regions"].resize((SIDE, SIDE), 0)))
            pictures.append(image)
        pictures += [blank] * (each - len(rows))
        if photos:
            pictures.append(np.zeros_like(blank))
            alike = [photos / truth.file for truth in truths if truth.product_type == term.label]
            shown = alike[:: max(1, len(alike) // each)][:each]
            pictures += [np.array(square(Image.open(file).convert("RGB"), SIDE)[0]) for file in shown]
            pictures += [blank] * (each - len(shown))
    contact_sheet(pictures, 2 * each + 1 if photos else each).save(out, quality=85)


def main(
    data: Annotated[Path, typer.Option(help="Folder of Parquet shards.")],
    out: Annotated[Path, typer.Option(help="The picture to write.")],
    each: Annotated[int, typer.Option(min=1, help="Renders a type.")] = 12,
    masks: Annotated[bool, typer.Option("--masks", help="Tint the exact regions.")] = False,
    photos: Annotated[Path | None, typer.Option(help="ImageFolder of labelled photos to set beside them.")] = None,
) -> None:
    """A contact sheet of renders, one row a product type."""
    try:
        sheet(data, out, each, masks, photos)
    except (DataMissing, EvaluationError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    typer.run(main)
