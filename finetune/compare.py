"""A captioner with and without an adapter, on detailed captions of held-out renders.

    python -m finetune.compare --base DIR --adapter DIR [--data DIR …] [--unseen DIR …] [--limit N] [--json FILE]

CIDEr and BLEU-4 against the render's detailed caption, and how far the shade that the caption names lies from the
render's: CIEDE2000 of the render's median material colour to the nearest anchor of the named term. Both say it of the
same renders, those with a shade; the raw captions are compared, before the app checks and mends them.
"""

from __future__ import annotations

import argparse
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from beauty_vlm.evaluation import references
from beauty_vlm.evaluation.metrics import Estimate, estimate
from beauty_vlm.evaluation.scorecard import with_interval
from beauty_vlm.language import mentions
from beauty_vlm.models.captioner import Captioner
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.report import Lab, Length
from beauty_vlm.vocabulary import shade_terms, term_distance
from data.shards import LABEL_COLUMNS, DataMissing
from finetune.dataset import select
from finetune.options import add_untrained, positive

LENGTH: Length = "detailed"


@dataclass(frozen=True, slots=True)
class Example:
    """A held-out render: its picture, its detailed caption, and its material's colour where one shows."""

    image: Image.Image
    caption: str
    lab: Lab | None


@dataclass(frozen=True, slots=True)
class Side:
    """What one of the two reached. `delta_e` is in CIEDE2000, over the renders of which both name a shade; `named` is
    the share of renders with a shade for which this one names any.
    """

    cider: Estimate
    bleu: Estimate
    delta_e: Estimate
    named: Estimate


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides on the same renders. `cider_ratio` is the adapted mean over the base's, `delta_e_rise` the mean of the
    adapted distance less the base's: pairs are drawn together in their bootstrap.
    """

    base: Side
    adapted: Side
    cider_ratio: Estimate
    delta_e_rise: Estimate


def held_out(folders: Sequence[Path], unseen: Sequence[Path] = (), limit: int | None = None) -> list[Example]:
    """The validation renders of folders of shards, and all of those in `unseen`, evenly thinned to `limit`. Raises
    DataMissing.
    """
    columns = [*LABEL_COLUMNS, "image", f"caption_{LENGTH}", "appearance_lab"]
    rows = select(folders, "validation", columns, unseen)
    count = rows.num_rows if limit is None else min(limit, rows.num_rows)
    return [_example(rows[number * rows.num_rows // count]) for number in range(count)]


def _example(row: dict[str, Any]) -> Example:
    image = Image.open(io.BytesIO(row["image"]["bytes"])).convert("RGB")
    lab = tuple(map(float, row["appearance_lab"])) if row["appearance_lab"] else None
    return Example(image, row[f"caption_{LENGTH}"], lab)  # type: ignore[arg-type]


def named_distance(caption: str, lab: Lab) -> float | None:
    """CIEDE2000 from `lab` to the first term that `caption` names the product's shade by; None if it names none."""
    terms = {term.name for term in shade_terms()}
    for mention in mentions.find(caption):
        if mention.kind == "colour" and mention.scope == "material" and mention.term in terms:
            return term_distance(lab, mention.term)
    return None


def compare(base: Sequence[str], adapted: Sequence[str], examples: Sequence[Example]) -> Comparison:
    """The figures of both sides' captions (N each) of the same N examples. Raises ImportError without pycocoevalcap."""
    ciders, bleus, distances = [], [], []
    for captions in (base, adapted):
        scores = references.scores([(said, (e.caption,)) for said, e in zip(captions, examples, strict=True)])
        if scores is None:
            raise ImportError("pycocoevalcap is not installed; requirements-train.txt names it.")
        ciders.append(np.asarray(scores.cider))
        bleus.append(np.asarray(scores.bleu))
        shown = [(said, e.lab) for said, e in zip(captions, examples, strict=True) if e.lab is not None]
        found = [named_distance(said, lab) for said, lab in shown]
        distances.append(np.array([np.nan if one is None else one for one in found], dtype=np.float64))
    both = np.isfinite(distances[0]) & np.isfinite(distances[1])
    without, with_adapter = (
        Side(
            cider=estimate(np.mean, ciders[side]),
            bleu=estimate(np.mean, bleus[side]),
            delta_e=estimate(np.mean, distances[side][both]),
            named=estimate(np.mean, np.isfinite(distances[side]).astype(np.float64)),
        )
        for side in (0, 1)
    )
    return Comparison(
        without,
        with_adapter,
        cider_ratio=estimate(lambda a, b: float(a.mean() / b.mean()) if b.any() else np.nan, ciders[1], ciders[0]),
        delta_e_rise=estimate(np.mean, (distances[1] - distances[0])[both]),
    )


def to_markdown(result: Comparison) -> str:
    """A table of both sides, with 95% bootstrap intervals over renders."""
    lines = ["| On held-out renders | n | base | with the adapter |", "|---|---|---|---|"]
    for label, name, form in (
        ("CIDEr, detailed captions", "cider", "{:.3f}"),
        ("BLEU-4 of sentences, detailed captions", "bleu", "{:.3f}"),
        ("Named shade to the true one, mean CIEDE2000", "delta_e", "{:.2f}"),
        ("Captions that name the shade", "named", "{:.1%}"),
    ):
        base, adapted = getattr(result.base, name), getattr(result.adapted, name)
        lines.append(f"| {label} | {base.n} | {with_interval(base, form)} | {with_interval(adapted, form)} |")
    ratio, rise = with_interval(result.cider_ratio, "{:.2f}"), with_interval(result.delta_e_rise, "{:+.2f}")
    return "\n".join([*lines, "", f"CIDEr with the adapter over without: {ratio}. Rise of the colour error: {rise}."])


def captions_of(captioner: Captioner, examples: Sequence[Example], name: str) -> list[str]:
    """The captioner's raw detailed captions."""
    return [captioner.caption(example.image, LENGTH) for example in tqdm(examples, unit="render", desc=name)]


def main() -> None:
    """Compare by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.compare")
    arguments.add_argument("--base", default="embedded", help="folder or hub name of a captioner")
    arguments.add_argument("--adapter", default="embedded", help="folder or hub name of its adapter")
    add_untrained(arguments)
    arguments.add_argument("--limit", type=positive(int), help="at most so many renders")
    arguments.add_argument("--json", type=Path, help="file for the figures")
    parsed = arguments.parse_args()
    try:
        examples = held_out(parsed.data, parsed.unseen, parsed.limit)
        said = [
            captions_of(Loader(Settings(captioner=parsed.base, adapter=adapter)).captioner(), examples, adapter)
            for adapter in ("none", parsed.adapter)
        ]
        result = compare(said[0], said[1], examples)
    except (DataMissing, ModelUnavailable, ImportError) as error:
        raise SystemExit(str(error)) from None
    print(to_markdown(result))  # first: it took minutes, and a file may be unwritable
    if parsed.json:
        parsed.json.write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
