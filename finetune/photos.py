"""A user's own photos with captions, to fine-tune a captioner on: an ImageFolder, as `python -m beauty_vlm evaluate`
reads it, whose metadata.jsonl gives each photo `captions`, or one as `text`.

Each photo is seen as the app sees it: upright, in sRGB, fitted whole on a square.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from beauty_vlm.colour import hex_to_lab
from beauty_vlm.evaluation.truths import METADATA, EvaluationError, Truth, read_truths
from beauty_vlm.intake import IntakeError, load_image
from beauty_vlm.models.picture import square
from beauty_vlm.report import Length
from beauty_vlm.vocabulary import name_colour
from data.shards import LENGTHS, DataMissing, Part

VALIDATION_SHARE = 0.1  # of photos there are hundreds, not thousands as of renders


@dataclass(frozen=True, slots=True)
class Photos:
    """One part of the data. `images` uint8 (N, S, S, 3), the rest N values each; "" where nothing is known."""

    images: np.ndarray
    product_types: tuple[str, ...]
    shades: tuple[str, ...]
    captions: dict[Length, tuple[str, ...]]

    def __len__(self) -> int:
        return len(self.images)


def is_labelled(folder: Path) -> bool:
    """Whether a folder holds labelled photos and not the renders' shards."""
    return (folder / METADATA).is_file()


def load(folders: Sequence[Path], side: int, log: Callable[[str], None] = print) -> dict[Part, Photos]:
    """The training and validation photos of labelled folders, as squares of `side` pixels.

    A photo that cannot be read, or has no caption, is left out; `log` is told. Raises DataMissing where fewer than two
    are left.
    """
    found: list[tuple[Path, Truth]] = []
    for folder in folders:
        try:
            truths = read_truths(folder)
        except EvaluationError as error:
            raise DataMissing(f"{folder}: {error}") from error
        found += [(folder, truth) for truth in truths if truth.captions]
        if silent := sum(not truth.captions for truth in truths):
            log(f"{folder}: {silent} of {len(truths)} photos are left out for want of a caption.")
    images, kept = [], []
    for folder, truth in _merged(found):
        try:
            image = load_image(folder / truth.file, name=truth.file)
        except IntakeError as error:
            log(f"Left out: {error}")
            continue
        images.append(np.asarray(square(image, side)[0]))
        kept.append(truth)
    if len(kept) < 2:
        named = " and ".join(map(str, folders))
        raise DataMissing(
            f"Fewer than two photos in {named} can be read and have `captions` or a `text` in {METADATA}."
        )
    parts = part_of([truth.file for truth in kept], [frozenset(truth.captions) for truth in kept])
    return {
        part: _photos([(image, truth) for image, truth, its in zip(images, kept, parts, strict=True) if its == part])
        for part in ("train", "validation")
    }


def _merged(found: Sequence[tuple[Path, Truth]]) -> list[tuple[Path, Truth]]:
    """One entry a photo, with the captions of all its lines: what is held out must be held out whole."""
    merged: dict[Path, tuple[Path, Truth]] = {}
    for folder, truth in found:
        place = (folder / truth.file).resolve()
        home, first = merged.get(place, (folder, replace(truth, captions=())))
        told = {name: getattr(first, name) or getattr(truth, name) for name in ("product_type", "shade_hex")}
        merged[place] = home, replace(first, captions=(*first.captions, *truth.captions), **told)
    return list(merged.values())


def part_of(files: Sequence[str], products: Sequence[Hashable] | None = None) -> list[Part]:
    """The part of each photo: for validation VALIDATION_SHARE of them, at least one, by their names' hashes.

    Photos of one of `products` go together, or a caption would be known to the training by which it is tried; where
    all are of one, each goes by itself.
    """
    by_product: dict[Hashable, list[int]] = {}
    for number, product in enumerate(products if products and len(set(products)) > 1 else files):
        by_product.setdefault(product, []).append(number)
    wanted, held_out = max(1, round(VALIDATION_SHARE * len(files))), set[int]()
    groups = sorted(by_product.values(), key=lambda group: _hash(min(files[number] for number in group)))
    for group in groups:
        if not held_out or (len(held_out) + len(group) <= wanted):
            held_out.update(group)
    if len(held_out) > len(files) // 2:  # the first product has most of the photos
        return part_of(files)
    return ["validation" if number in held_out else "train" for number in range(len(files))]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogateescape")).digest()


def by_length(captions: Sequence[str]) -> dict[Length, str]:
    """Captions of one photo for each length: the one of the fewest words is short, that of the most detailed, the
    middle one normal. So a single one serves all three.
    """
    ranked = sorted(captions, key=lambda text: len(text.split()))
    places = (0, len(ranked) // 2, len(ranked) - 1)
    return {length: ranked[place] for length, place in zip(LENGTHS, places, strict=True)}


def _photos(chosen: Sequence[tuple[np.ndarray, Truth]]) -> Photos:
    texts = [by_length(truth.captions) for _, truth in chosen]
    return Photos(
        images=np.stack([image for image, _ in chosen]),
        product_types=tuple(truth.product_type or "" for _, truth in chosen),
        shades=tuple(_shade(truth.shade_hex) for _, truth in chosen),
        captions={length: tuple(text[length] for text in texts) for length in LENGTHS},
    )


def _shade(shade_hex: str | None) -> str:
    if shade_hex is None:
        return ""
    lightness, a, b = (float(value) for value in hex_to_lab(shade_hex))
    return name_colour((lightness, a, b)).term
