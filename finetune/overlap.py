"""How far the segmenter's regions overlap the exact ones of held-out renders of beauty products.

    python -m finetune.overlap FOLDER --data DIR [--data DIR2]

The intersection over union (IoU) of each class over all pixels, as in the training, and the mean IoU of a render's
material, which counts a small one as much as a large one; both with a 95% bootstrap interval over renders.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from beauty_vlm.evaluation.metrics import Estimate, estimate
from beauty_vlm.evaluation.scorecard import with_interval
from beauty_vlm.measurement.regions import MATERIAL
from beauty_vlm.models.segmentation_network import LABELS
from data.shards import DataMissing
from finetune.dataset import Renders, load
from finetune.failures import segmenter_of
from finetune.segmenter import beauty, confusion, intersections_over_unions

CLASSES = len(LABELS)


def measure(folder: Path, renders: Renders) -> dict[str, Estimate]:
    """The figures of the exported segmenter in `folder` on the renders of beauty products, by their names. Raises
    OSError.
    """
    segmenter, rows = segmenter_of(folder), beauty(renders)
    found = [segmenter.regions(Image.fromarray(pixels)) for pixels in renders.images[rows]]
    return figures(np.stack([confusion(true, said) for true, said in zip(renders.regions[rows], found, strict=True)]))


def figures(confusions: NDArray[np.int64]) -> dict[str, Estimate]:
    """The IoU of each class and their mean over all pixels, and the mean of each render's material where it has some,
    from counts (N, K, K).
    """
    of_class = {
        f"{LABELS[number]}, all pixels": estimate(
            lambda c, k=number: float(intersections_over_unions(c.sum(axis=0))[k]), confusions
        )
        for number in range(CLASSES)
    }
    with_material = confusions[confusions[:, MATERIAL].sum(axis=-1) > 0]
    return {
        "mean of the classes, all pixels": estimate(
            lambda c: float(intersections_over_unions(c.sum(axis=0)).mean()), confusions
        ),
        **of_class,
        f"{LABELS[MATERIAL]}, mean of the renders that show it": estimate(
            np.mean, intersections_over_unions(with_material)[:, MATERIAL]
        ),
    }


def to_markdown(found: dict[str, Estimate]) -> str:
    """The figures as a table."""
    lines = [f"| {name} | {one.n} | {with_interval(one, '{:.3f}')} |" for name, one in found.items()]
    return "\n".join(["| IoU, regions as the app takes them | renders | segmenter |", "|---|---|---|", *lines])


def main() -> None:
    """Measure by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.overlap")
    arguments.add_argument("folder", type=Path, help="the exported segmenter")
    arguments.add_argument("--data", type=Path, nargs="+", action="extend", required=True, metavar="DIR")
    parsed = arguments.parse_args()
    try:
        print(to_markdown(measure(parsed.folder, load(parsed.data, "validation"))))
    except (DataMissing, OSError) as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
