"""Renders in memory: shards decoded once into uint8 arrays; and what a captioner learns from, of any source."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from PIL import Image

from beauty_vlm.report import Length
from data.shards import LABEL_COLUMNS, LENGTHS, PACKAGE_COLUMNS, DataMissing, Part, belongs, table
from finetune.packaging import PackagingTruth, packaging_truth

if TYPE_CHECKING:
    from datasets import Dataset

SIDE = 224  # pixels: the side that renders are read at
DECODERS = 2  # threads; Pillow lets go of the interpreter while it decodes
COLUMNS = ["id", "image", "regions", "finish", "shade_name", *PACKAGE_COLUMNS]
COLUMNS += [f"caption_{length}" for length in LENGTHS]


class Captioned(Protocol):
    """What a captioner learns from: `images` uint8 (N, S, S, 3), and N values each of the rest; "" for a type or shade
    that is not known.
    """

    @property
    def images(self) -> np.ndarray: ...
    @property
    def product_types(self) -> Sequence[str]: ...
    @property
    def shades(self) -> Sequence[str]: ...
    @property
    def captions(self) -> Mapping[Length, Sequence[str]]: ...
    def __len__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Renders:
    """One part of the data. `images` uint8 (N, S, S, 3), `regions` uint8 (N, S, S), the rest N values each."""

    ids: tuple[str, ...]
    images: np.ndarray
    regions: np.ndarray
    product_types: tuple[str, ...]
    finishes: tuple[str, ...]  # "" where none can be seen
    shades: tuple[str, ...]  # "" where none can be seen
    packages: tuple[PackagingTruth, ...]
    captions: dict[Length, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.ids)

    def first(self, count: int) -> Renders:
        """The first `count` of them."""
        captions = {length: texts[:count] for length, texts in self.captions.items()}
        cut = {field.name: getattr(self, field.name)[:count] for field in fields(self) if field.name != "captions"}
        return Renders(**cut, captions=captions)


def select(data: Sequence[Path], part: Part | None, columns: Sequence[str], unseen: Sequence[Path] = ()) -> Dataset:
    """These columns of the renders in folders of shards that belong to `part` (None: to any), and of all those in
    `unseen`, which no training saw; pictures are not decoded. Raises DataMissing.
    """
    from datasets import concatenate_datasets

    if not (data or unseen):
        raise DataMissing("Name a folder of shards: --data, of which the held-out part is taken, or --unseen.")
    named = " and ".join(str(folder) for folder in (*data, *unseen))
    asked: list[tuple[Sequence[Path], Part | None]] = [(data, part), (unseen, None)]
    rows = concatenate_datasets([_fit(table(folders, columns), which) for folders, which in asked if folders])
    if not rows.num_rows:
        raise DataMissing(f"No render in {named} belongs to the {part} part; they are too few.")
    if len(set(rows["id"])) < rows.num_rows:
        raise DataMissing(f"Some renders stand twice in {named}; render the second folder with another --seed.")
    return rows


def _fit(rows: Dataset, part: Part | None) -> Dataset:
    labels = enumerate(rows.select_columns([*LABEL_COLUMNS]))
    return rows.select([number for number, row in labels if belongs(row, part)])


def load(data: Path | Sequence[Path], part: Part, unseen: Sequence[Path] = ()) -> Renders:
    """The renders of all *.parquet in one or several folders that belong to `part`, and all of those in `unseen`.
    Raises DataMissing.
    """
    rows = select([data] if isinstance(data, Path) else data, part, COLUMNS, unseen)
    return Renders(
        ids=tuple(rows["id"]),
        images=_decode(rows["image"], "RGB", Image.Resampling.BICUBIC),
        regions=_decode(rows["regions"], "L", Image.Resampling.NEAREST),
        product_types=tuple(rows["product_type"]),
        finishes=tuple(name or "" for name in rows["finish"]),
        shades=tuple(name or "" for name in rows["shade_name"]),
        packages=tuple(map(packaging_truth, *(rows[column] for column in PACKAGE_COLUMNS))),
        captions={length: tuple(rows[f"caption_{length}"]) for length in LENGTHS},
    )


def _decode(cells: Sequence[dict[str, Any]], mode: str, resampling: Image.Resampling) -> np.ndarray:
    shape = (len(cells), SIDE, SIDE, 3) if mode == "RGB" else (len(cells), SIDE, SIDE)
    pixels = np.empty(shape, dtype=np.uint8)

    def decode(row: int) -> None:
        image = Image.open(io.BytesIO(cells[row]["bytes"])).convert(mode)
        pixels[row] = np.asarray(image if image.size == (SIDE, SIDE) else image.resize((SIDE, SIDE), resampling))

    with ThreadPoolExecutor(DECODERS) as pool:
        list(pool.map(decode, range(len(cells))))
    return pixels
