"""The photos that the benchmark reads: the committed sample renders, or in their absence the page's examples."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TypeVar

from PIL import Image

Item = TypeVar("Item")

ROOT = Path(__file__).parents[2]
SAMPLE, EXAMPLES = ROOT / "data" / "sample", ROOT / "beauty_vlm" / "ui" / "examples"


def read_photos(count: int) -> tuple[list[bytes], str]:
    """At least one and at most `count` files' bytes, spread over the set, and what they are."""
    tables = sorted(SAMPLE.glob("*.parquet"))
    if tables:
        import pyarrow.parquet as parquet

        rows = parquet.read_table(tables[0], columns=["image"])["image"].to_pylist()
        return [row["bytes"] for row in _spread(rows, count)], "sample renders"
    files = sorted(path for path in EXAMPLES.iterdir() if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
    return [path.read_bytes() for path in _spread(files, count)], "the page's example photos"


def as_image(data: bytes) -> Image.Image:
    """The file's picture, RGB."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def _spread(items: list[Item], count: int) -> list[Item]:
    count = min(count, len(items))
    return [items[number * len(items) // count] for number in range(count)]
