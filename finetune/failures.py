"""Where a model fails, as a picture for its card: its worst held-out renders, never photos.

    python -m finetune.failures NAME FOLDER --data DIR [--data DIR2]

NAME is tagger, segmenter, captioner or captioner-lora, FOLDER its exported folder; failures.jpg is written into it.
"""

from __future__ import annotations

import argparse
import io
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from scipy.ndimage import binary_erosion
from transformers import CLIPImageProcessorPil

from beauty_vlm.evaluation import references
from beauty_vlm.measurement.regions import MATERIAL
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.segmentation_network import BeautySegmenter
from beauty_vlm.models.segmenter import Segmenter
from beauty_vlm.report import Length
from data.shards import DataMissing
from finetune.dataset import Renders, load

FAILURES_FILE = "failures.jpg"
WORST = 12
ACROSS = 4
TILE = 168  # pixels, the side of a picture on the sheet
LINE, LINES = 13, 12  # pixels, and at most so many lines of text under each
OUTLINE = 2  # pixels of a render, inwards: one is lost when it is made smaller
LARGEST = 150_000  # bytes
CAPTIONED = 100  # renders: a caption takes half a second
TRUE, SAID = (40, 200, 80), (235, 60, 160)  # outlines of the true and of the found material
TOLD = {
    "captioner": f"Of the first {CAPTIONED} validation renders the captions of lowest CIDEr, the worst first:",
    "captioner-lora": f"Of the first {CAPTIONED} validation renders the detailed captions of lowest CIDEr, "
    "the worst first:",
    "tagger": "Validation renders whose type is wrong, the surest of them first:",
    "segmenter": "Validation renders, the true material outlined in green and the found one in pink; the "
    "least overlap (IoU of the material) first, of equal ones the largest:",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A picture and what is wrong with it. The larger `badness`, the worse."""

    picture: Image.Image
    text: str
    badness: float


def of_tagger(folder: Path, renders: Renders) -> list[Failure]:
    """Renders whose type is wrong, by how sure the tagger is of it. Raises ModelUnavailable."""
    tagger = Loader(Settings(tagger=str(folder), device="cpu")).tagger()
    found = []
    for pixels, true in zip(renders.images, renders.product_types, strict=True):
        picture = Image.fromarray(pixels)
        said = tagger.product_type(picture)
        if said.label != true:
            found.append(Failure(picture, f"{true}\nsaid: {said.label}, {said.score:.0%}", said.score))
    return found


def segmenter_of(folder: Path) -> Segmenter:
    """The app's segmenter over an exported folder, on the processor. Raises OSError."""
    model = BeautySegmenter.from_pretrained(folder, dtype=torch.float32).eval()
    return Segmenter(model, CLIPImageProcessorPil.from_pretrained(folder))


def of_segmenter(folder: Path, renders: Renders) -> list[Failure]:
    """Renders with material, by how little of the true and the found material overlap (IoU); those with most of either
    first, so that of equal overlaps the largest are drawn. Raises OSError.
    """
    segmenter = segmenter_of(folder)
    found = []
    for pixels, regions in zip(renders.images, renders.regions, strict=True):
        true = regions == MATERIAL
        if true.any():
            said = segmenter.regions(Image.fromarray(pixels)) == MATERIAL
            either = (true | said).sum()
            overlap = float((true & said).sum() / either)
            text = f"overlap {overlap:.0%}: true {true.mean():.1%}\nof the picture, found {said.mean():.1%}"
            found.append((int(either), Failure(_outlined(pixels, true, said), text, 1 - overlap)))
    return [failure for _, failure in sorted(found, key=lambda one: -one[0])]


def of_captioner(folder: Path, renders: Renders, length: Length, base: Path | None = None) -> list[Failure]:
    """The first CAPTIONED renders by the CIDEr of their captions, the lowest first; `folder` holds an adapter of `base`
    where one is given. Raises ModelUnavailable, and ImportError without pycocoevalcap.
    """
    settings = Settings(captioner=str(base or folder), adapter=str(folder) if base else "none", device="cpu")
    captioner = Loader(settings).captioner()
    some = renders.first(CAPTIONED)
    pictures = [Image.fromarray(pixels) for pixels in some.images]
    said = [captioner.caption(picture, length) for picture in pictures]
    scores = references.scores([(text, (true,)) for text, true in zip(said, some.captions[length], strict=True)])
    if scores is None:
        raise ImportError("pycocoevalcap is not installed; requirements-train.txt names it.")
    rows = zip(pictures, said, some.captions[length], scores.cider, strict=True)
    return [Failure(picture, f"said: {text}\ntrue: {true}", -score) for picture, text, true, score in rows]


def _outlined(pixels: np.ndarray, true: np.ndarray, said: np.ndarray) -> Image.Image:
    """The picture (H, W, 3) with the borders of two masks (H, W), the second over the first."""
    pixels = pixels.copy()
    for mask, colour in ((true, TRUE), (said, SAID)):
        pixels[mask & ~binary_erosion(mask, iterations=OUTLINE)] = colour
    return Image.fromarray(pixels)


def sheet(failures: Sequence[Failure]) -> Image.Image:
    """The WORST of them, the worst first, with their texts."""
    worst = sorted(failures, key=lambda failure: -failure.badness)[:WORST]
    texts = [_lines(failure.text) for failure in worst]
    height = TILE + LINE * max([1, *map(len, texts)])
    canvas = Image.new("RGB", (ACROSS * TILE, max(1, -(-len(worst) // ACROSS)) * height), "white")
    draw, font = ImageDraw.Draw(canvas), ImageFont.load_default(size=11)
    for number, (failure, lines) in enumerate(zip(worst, texts, strict=True)):
        left, top = number % ACROSS * TILE, number // ACROSS * height
        canvas.paste(failure.picture.resize((TILE - 4, TILE - 4), Image.Resampling.LANCZOS), (left + 2, top + 2))
        for row, line in enumerate(lines):
            draw.text((left + 4, top + TILE + row * LINE), line, "black", font)
    return canvas


def _lines(text: str) -> list[str]:
    """The text as it fits under a picture; what is said leaves room for what is true."""
    parts = [textwrap.wrap(part, 28) for part in text.split("\n")]
    most = LINES // len(parts)
    cut = [part if len(part) <= most else [*part[: most - 1], part[most - 1][:26] + "…"] for part in parts]
    return [line for part in cut for line in part]


def write(failures: Sequence[Failure], folder: Path) -> Path:
    """Write the sheet into `folder`, at the best JPEG quality that LARGEST allows."""
    picture = sheet(failures)
    for quality in range(88, 20, -6):
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=quality, optimize=True)
        if file.tell() <= LARGEST:
            break
    path = folder / FAILURES_FILE
    path.write_bytes(file.getvalue())
    return path


def of(name: str, folder: Path, renders: Renders) -> list[Failure]:
    """The failures of an exported model by its name among the embedded ones. An adapter's base lies beside it."""
    if name == "tagger":
        return of_tagger(folder, renders)
    if name == "segmenter":
        return of_segmenter(folder, renders)
    if name == "captioner-lora":
        return of_captioner(folder, renders, "detailed", folder.parent / "captioner")
    return of_captioner(folder, renders, "normal")


def main() -> None:
    """Draw the sheet by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.failures")
    arguments.add_argument("name", choices=("captioner", "captioner-lora", "segmenter", "tagger"))
    arguments.add_argument("folder", type=Path, help="the exported model")
    arguments.add_argument("--data", type=Path, nargs="+", action="extend", required=True, metavar="DIR")
    parsed = arguments.parse_args()
    try:
        path = write(of(parsed.name, parsed.folder, load(parsed.data, "validation")), parsed.folder)
    except (DataMissing, ModelUnavailable, ImportError, OSError) as error:
        raise SystemExit(str(error)) from None
    print(f"{path}: {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
