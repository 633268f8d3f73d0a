"""How far renders are from photos, seen by a backbone that was trained on neither.

    python -m finetune.realism --data renders --photos FOLDER [--limit 2000] [--json realism.json]

FOLDER is an ImageFolder with labels, as `python -m beauty_vlm evaluate` takes it. EfficientNet-Lite2 with its ImageNet
weights stays frozen; a linear classifier of the product type learns on the renders' features alone and is asked about
the photos. A second one tells photos from renders: the nearer its area under the curve to .5, the nearer they are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import torch
import typer
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from beauty_vlm.evaluation.metrics import Estimate, estimate, macro_recall
from beauty_vlm.evaluation.truths import EvaluationError, read_truths
from beauty_vlm.intake import IntakeError, load_image
from beauty_vlm.models.picture import square
from data.shards import DataMissing
from finetune.dataset import Renders, load
from finetune.efficientnet import efficientnet_lite, prepared
from finetune.packages import WeightsMissing

SIZE = 224  # the side that the renders are read at
BATCH = 32
# Strong, since 1,280 features meet a few thousand pictures; chosen on held-out renders, not on photos.
PENALTY = 0.003
FOLDS = 5
SEED = 0


@dataclass(frozen=True, slots=True)
class TypeResult:
    """One product type: how many photos, the share that is right, and what it is taken for most."""

    photos: int
    recall: Estimate
    taken_for: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Realism:
    """Shares are 0..1. `separability` is the area under the ROC curve of telling photos from renders."""

    renders: int
    photos: int
    top_1: Estimate
    top_3: Estimate
    macro_recall: Estimate
    held_out_renders: Estimate
    separability: float
    types: dict[str, TypeResult]

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the figures."""
        return asdict(self)


def features(images: Sequence[Image.Image] | np.ndarray) -> np.ndarray:
    """Pooled features (N, 1280) of square RGB pictures, or of an array (N, S, S, 3) uint8. Raises WeightsMissing."""
    model = efficientnet_lite(2, SIZE)
    found = []
    with torch.inference_mode():
        for start in tqdm(range(0, len(images), BATCH), unit="batch", desc="features"):
            pixels = np.stack([np.asarray(picture) for picture in images[start : start + BATCH]])
            batch = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
            found.append(model(prepared(batch)).pooler_output.flatten(1).numpy())
    return np.concatenate(found)


def compare(
    rendered: np.ndarray, rendered_types: Sequence[str], photographed: np.ndarray, photo_types: Sequence[str]
) -> Realism:
    """All figures from features (N, D) of renders and (M, D) of photos with their product types."""
    classifier = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=2000))
    held_out = cross_val_predict(classifier, rendered, rendered_types, cv=FOLDS)
    classifier.fit(rendered, rendered_types)
    labels = list(classifier.classes_)
    order = np.argsort(-classifier.predict_proba(photographed), axis=1)
    ranked = [[labels[index] for index in row] for row in order[:, :3]]
    correct = np.array([float(row[0] == truth) for row, truth in zip(ranked, photo_types, strict=True)])
    in_three = np.array([float(truth in row) for row, truth in zip(ranked, photo_types, strict=True)])
    names = sorted(set(photo_types))
    numbers = np.array([names.index(truth) for truth in photo_types])
    types = {}
    for number, name in enumerate(names):
        chosen = numbers == number
        wrong = Counter(row[0] for row, here in zip(ranked, chosen, strict=True) if here and row[0] != name)
        types[name] = TypeResult(int(chosen.sum()), estimate(np.mean, correct[chosen]), tuple(wrong.most_common(3)))
    return Realism(
        renders=len(rendered),
        photos=len(photographed),
        top_1=estimate(np.mean, correct),
        top_3=estimate(np.mean, in_three),
        macro_recall=estimate(macro_recall, numbers, correct),
        held_out_renders=estimate(np.mean, (held_out == np.asarray(rendered_types)).astype(float)),
        separability=_separability(rendered, rendered_types, photographed, photo_types),
        types=types,
    )


def to_markdown(result: Realism) -> str:
    """The figures as Markdown: a line of totals, and a table by type."""
    lines = [
        f"Trained on {result.renders} renders, asked about {result.photos} photos: top-1 {_share(result.top_1)}, "
        f"top-3 {_share(result.top_3)}, macro recall {_share(result.macro_recall)}; on renders held out "
        f"{_share(result.held_out_renders)}. Photos told from renders: area under the curve {result.separability:.3f}.",
        "",
        "| product type | photos | recall | taken for |",
        "|---|---|---|---|",
    ]
    for name, one in sorted(result.types.items(), key=lambda item: -item[1].photos):
        wrong = ", ".join(f"{other} {count}" for other, count in one.taken_for)
        lines.append(f"| {name} | {one.photos} | {_share(one.recall)} | {wrong} |")
    return "\n".join(lines)


def _separability(
    rendered: np.ndarray, rendered_types: Sequence[str], photographed: np.ndarray, photo_types: Sequence[str]
) -> float:
    """Renders are drawn in the photos' mix of types, so that the types themselves tell nothing."""
    dice = np.random.default_rng(SEED)
    pools = {name: np.flatnonzero(np.asarray(rendered_types) == name) for name in set(photo_types)}
    photos = [row for row, name in enumerate(photo_types) if len(pools[name])]
    picked = np.array([dice.choice(pools[photo_types[row]]) for row in photos])
    both = np.concatenate([photographed[photos], rendered[picked]])
    truth = np.repeat([1, 0], len(photos))
    # One render may stand for several photos: keep its copies out of the folds by naming each once.
    _, first = np.unique(np.concatenate([np.arange(-len(photos), 0), picked]), return_index=True)
    judge = make_pipeline(StandardScaler(), LogisticRegression(C=PENALTY, max_iter=2000))
    scores = cross_val_predict(judge, both[first], truth[first], cv=FOLDS, method="decision_function")
    return float(roc_auc_score(truth[first], scores))


def _share(figure: Estimate) -> str:
    if figure.value is None:
        return "-"
    interval = "" if figure.low is None or figure.high is None else f" ({100 * figure.low:.0f}-{100 * figure.high:.0f})"
    return f"{100 * figure.value:.1f}%{interval}"


def _photos(folder: Path) -> Iterator[tuple[Image.Image, str]]:
    """Square RGB pictures with their types, as the app's models see them. Raises EvaluationError."""
    for truth in read_truths(folder):
        if truth.product_type is None:
            continue
        try:
            yield square(load_image(folder / truth.file, name=truth.file), SIZE)[0], truth.product_type
        except IntakeError as error:
            typer.echo(f"Left out: {error}", err=True)


def _renders(folder: Path, limit: int | None) -> Renders:
    """The training part, or so many of its first renders: the same ones that trainings see."""
    renders = load(folder, "train")
    return renders if limit is None or len(renders) <= limit else renders.first(limit)


def main(
    data: Annotated[Path, typer.Option(help="Folder of Parquet shards from data.render.")],
    photos: Annotated[Path, typer.Option(help="ImageFolder of labelled photos.")],
    limit: Annotated[int | None, typer.Option(min=100, help="Use so many renders at most.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", help="Also write the figures here.")] = None,
) -> None:
    """Accuracy on photos of a linear classifier over frozen ImageNet features that learnt from renders alone."""
    try:
        renders = _renders(data, limit)
        found = list(_photos(photos))
        if not found:
            raise EvaluationError(f"No photo of {photos} can be read and has a product type.")
        pictures, types = zip(*found, strict=True)
        result = compare(features(renders.images), renders.product_types, features(pictures), types)
    except (DataMissing, EvaluationError, WeightsMissing) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    print(to_markdown(result))
    if json_file:
        json_file.write_text(json.dumps(result.to_dict(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
