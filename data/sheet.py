"""A contact sheet of rendered shards: python -m data.sheet --data renders --out sheet.jpg [--each 12] [--masks]

One row a product type, in the vocabulary's order; --masks tints material green and packaging blue.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from beauty_vlm.vocabulary import product_types
from data.photograph import contact_sheet, outlined

SIDE = 96  # pixels a picture: 22 rows still fit on a screen


def sheet(data: Path, out: Path, each: int = 12, masks: bool = False) -> None:
    """Writes the sheet of the first `each` renders of every type in the shards of `data`.

    Raises:
        FileNotFoundError: there are no shards in `data`.
    """
    from datasets import load_dataset

    files = sorted(str(f) for f in data.glob("*.parquet"))
    if not files:
        raise FileNotFoundError(f"There are no .parquet files in {data}; make some with `python -m data.render`.")
    table = load_dataset("parquet", data_files=files, split="train")
    labels = table["product_type"]
    blank = np.full((SIDE, SIDE, 3), 255, np.uint8)
    pictures = []
    for term in product_types():
        rows = [row for row, label in enumerate(labels) if label == term.label][:each]
        for row in rows:
            image = np.array(table[row]["image"].convert("RGB").resize((SIDE, SIDE)))
            if masks:
                image = outlined(image, np.array(table[row]["regions"].resize((SIDE, SIDE), 0)))
            pictures.append(image)
        pictures += [blank] * (each - len(rows))
    contact_sheet(pictures, each).save(out, quality=85)


def main(
    data: Annotated[Path, typer.Option(help="Folder of Parquet shards.")],
    out: Annotated[Path, typer.Option(help="The picture to write.")],
    each: Annotated[int, typer.Option(min=1, help="Renders a type.")] = 12,
    masks: Annotated[bool, typer.Option("--masks", help="Tint the exact regions.")] = False,
) -> None:
    """A contact sheet of renders, one row a product type."""
    try:
        sheet(data, out, each, masks)
    except FileNotFoundError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    typer.run(main)
