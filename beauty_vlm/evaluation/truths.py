"""What is known of labelled photos: `datasets`' ImageFolder layout, read and checked.

Either a `metadata.jsonl` with file_name and what is known of each photo, or one subfolder a product type. A single
caption may be called `text`, as `datasets` has it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from beauty_vlm.catalog import CatalogError, find_photos
from beauty_vlm.vocabulary import finishes, packaging_materials, packaging_states, product_types

METADATA = "metadata.jsonl"
TEXTS = ("product_type", "finish", "packaging_colour", "packaging_material", "packaging_state")


class EvaluationError(Exception):
    """A folder that cannot be evaluated on: one plain sentence."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of one photo; None where nothing is. `file` is relative to the folder, `shade_hex` is
    `#rrggbb`, `captions` are references that say the truth in other words.

    `shade_visible` tells whether any of the product's own material shows. A photo with a shade shows one.
    """

    file: str
    product_type: str | None
    shade_hex: str | None
    finish: str | None = None
    shade_visible: bool | None = None
    packaging_colour: str | None = None
    captions: tuple[str, ...] = ()
    packaging_material: str | None = None
    packaging_state: str | None = None


def read_truths(folder: Path) -> list[Truth]:
    """The labelled photos of an ImageFolder, in its own order; a photo of several lines as often. Raises
    EvaluationError.
    """
    metadata = folder / METADATA
    try:
        if metadata.is_file():
            truths = [_truth(line, number) for number, line in _lines(metadata)]
        else:
            found = find_photos(folder)
            if found.closed:  # its photos would be missing from every figure
                raise EvaluationError(f"These folders cannot be listed: {', '.join(map(str, found.closed))}.")
            inside = [path for path in found.photos if len(path.parts) > 1]
            truths = [Truth(path.as_posix(), _label(path.parts[0]), None) for path in inside]
    except (CatalogError, OSError) as error:
        raise EvaluationError(str(error)) from error
    if not truths:
        raise EvaluationError(f"{folder} holds no {METADATA} with photos, nor a subfolder a product type.")
    # Unknown labels could never be predicted, and would look like the model's misses.
    _refuse("product types", {truth.product_type for truth in truths}, {term.label for term in product_types()})
    _refuse("finishes", {truth.finish for truth in truths}, {term.label for term in finishes()})
    materials, states = packaging_materials(), packaging_states()
    _refuse("packaging materials", {truth.packaging_material for truth in truths}, {term.label for term in materials})
    _refuse("packaging states", {truth.packaging_state for truth in truths}, {term.label for term in states})
    return truths


def spread(truths: Sequence[Truth], limit: int | None) -> list[Truth]:
    """At most `limit` of them, evenly spaced: such lists are often sorted by type."""
    if limit is None or limit >= len(truths):
        return list(truths)
    return [truths[index * len(truths) // limit] for index in range(limit)]


def _refuse(kind: str, said: set[str | None], known: set[str]) -> None:
    unknown = sorted({label for label in said if label} - known)
    if unknown:
        there_are = ", ".join(sorted(known))
        raise EvaluationError(
            f"These labels are no {kind} of the vocabulary: {', '.join(unknown)}. There are: {there_are}."
        )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path.name} is not UTF-8 text.") from error
    return ((number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip())


def _truth(line: str, number: int) -> Truth:
    try:
        row = json.loads(line)
        file, shade = row["file_name"], row.get("shade_hex")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise EvaluationError(f"Line {number} of {METADATA} is no JSON object with a file_name.") from error
    texts = {name: row.get(name) for name in TEXTS}
    is_name = isinstance(file, str) and bool(file.strip()) and "\0" not in file
    if not (is_name and all(isinstance(text, str | None) for text in texts.values())):
        raise EvaluationError(f"Line {number} of {METADATA}: file_name, {', '.join(TEXTS)} are to be text.")
    if shade and not re.fullmatch(r"#?[0-9a-fA-F]{6}", str(shade)):
        raise EvaluationError(f"Line {number} of {METADATA}: shade_hex is to be like #c76955, not {shade!r}.")
    visible, captions = row.get("shade_visible"), row.get("captions") or [text for text in (row.get("text"),) if text]
    if not isinstance(visible, bool | None):
        raise EvaluationError(f"Line {number} of {METADATA}: shade_visible is to be true or false.")
    if visible is False and shade:
        raise EvaluationError(f"Line {number} of {METADATA}: a shade that is not visible has no shade_hex.")
    if not _is_texts(captions):
        raise EvaluationError(f"Line {number} of {METADATA}: captions are to be a list of texts.")
    if any("\ud800" <= letter <= "\udfff" for text in captions for letter in text):
        raise EvaluationError(
            f"Line {number} of {METADATA}: a caption holds half a character, as a cut emoji leaves it."
        )
    return Truth(
        file,
        _label(texts["product_type"]) if texts["product_type"] else None,
        str(shade) if shade else None,
        _label(texts["finish"]) if texts["finish"] else None,
        True if visible is None and shade else visible,
        texts["packaging_colour"] or None,
        tuple(text for text in captions if text.strip()),
        *(_label(texts[name] or "") or None for name in ("packaging_material", "packaging_state")),
    )


def _is_texts(captions: Any) -> bool:
    return isinstance(captions, list | tuple) and all(isinstance(text, str) for text in captions)


def _label(name: str) -> str:
    """Folder names spell a label in their own way: `Lip_Gloss` is "lip gloss"."""
    return re.sub(r"[\s_-]+", " ", name).strip().lower()
