"""Rendered shards as a folder of JPEGs with labels: python -m data.imagefolder --data renders --out folder

The folder is in `datasets`' ImageFolder layout, which `python -m beauty_vlm evaluate` takes. How well models do on
renders that they were not trained on, captions included:

    python -m data.imagefolder --data renders --part validation --out folder
    python -m beauty_vlm evaluate folder --length detailed
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image

from beauty_vlm.colour import lab_to_hex
from beauty_vlm.evaluation.truths import METADATA
from beauty_vlm.vocabulary import UNPACKED
from data.appearance import appearance
from data.shards import LENGTHS, PACKAGE_COLUMNS, Part, belongs, table
from finetune.packaging import packaging_truth


def write(data: Path, out: Path, part: Part | None = None) -> int:
    """Writes the renders of the shards in `data` into `out` with a metadata.jsonl; returns how many.

    `part` chooses those that trainings learn from ("train") or never see ("validation"); None takes both. Renders that
    say what they do not show are left out.

    Raises:
        DataMissing: there are no shards in `data`.
        OSError: `out` cannot be written, or holds labels already.
    """
    rows, metadata = table([data]), out / METADATA
    out.mkdir(parents=True, exist_ok=True)
    if metadata.exists():
        raise FileExistsError(f"{metadata} exists: remove it, or choose another folder.")
    lines = []
    for row in rows:
        if not belongs(row, part):
            continue
        name = f"{row['id']}.jpg"
        (out / name).write_bytes(row["image"]["bytes"])
        lines.append(json.dumps({"file_name": name, **dict(_labels(row))}, ensure_ascii=False))
    metadata.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(lines)


def _labels(row: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The labels in the words of `beauty_vlm.evaluation.truths`: the shade is the one that the picture shows."""
    yield "product_type", row["product_type"]
    yield "shade_visible", row["shade_visible"]
    if row["shade_visible"]:
        image, regions = (Image.open(io.BytesIO(row[column]["bytes"])) for column in ("image", "regions"))
        yield "shade_hex", lab_to_hex(appearance(image.convert("RGB"), np.asarray(regions)))
    if row["finish"]:
        yield "finish", row["finish"]
    if row["packaging_colour"]:
        yield "packaging_colour", row["packaging_colour"]
    package = packaging_truth(*(row[column] for column in PACKAGE_COLUMNS))
    if package.material and row["product_type"] not in UNPACKED:
        yield "packaging_material", package.material
    if package.state:
        yield "packaging_state", package.state
    yield "captions", [row[f"caption_{length}"] for length in LENGTHS]


def main(
    data: Annotated[Path, typer.Option(help="Folder of Parquet shards.")],
    out: Annotated[Path, typer.Option(help="Folder to write the photos and metadata.jsonl into.")],
    part: Annotated[Part | None, typer.Option(help="Only those that trainings learn from, or never see.")] = None,
) -> None:
    """Renders as an ImageFolder with labels."""
    try:
        typer.echo(f"{write(data, out, part)} renders -> {out}")
    except OSError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    typer.run(main)
