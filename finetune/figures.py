"""Fill in the figures of the embedded models' cards from the reports of evaluations.

    python -m finetune.figures [--photos FILE] [--renders FILE] [--compare FILE] [--plots DIR] [--to DIR]

Photos and renders: what `python -m beauty_vlm evaluate FOLDER --out FILE` wrote of real photos and of held-out renders.
Compare: what `python -m finetune.compare` printed, for the adapter's card. Plots: the folder of `evaluate --plots`, for
the tagger's card. Each card takes the rows that its model decides; what is not given stays as it was.
"""

from __future__ import annotations

import argparse
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import EvalResult, ModelCard

from beauty_vlm.models.source import EMBEDDED
from finetune.card import CARD_FILE, KEY, SUBJECTS, CardError, Subject, filled, measured

PLOTS = {
    "confusion.png": "What each type is taken for",
    "reliability.png": "Said probability against share that is right",
}
MEASURES, BY_TYPE, COMPARED = "| Measure |", "| Product type |", "| On held-out renders |"
SOURCES = {
    "photos": "The whole app, by `python -m beauty_vlm evaluate FOLDER`; no model was trained on any of these photos.",
    "renders": "The whole app, by `python -m data.imagefolder` and `python -m beauty_vlm evaluate FOLDER --length "
    "detailed`; no model was trained on any of these renders, and nothing fitted to them.",
}
NAMES = {"photos": "photos of real products", "renders": "held-out renders"}


@dataclass(frozen=True, slots=True)
class Scores:
    """A report of `beauty_vlm evaluate` in its parts, each as Markdown: what was counted, the two lines above the
    measures, the row of each measure by its label, the tables by product type, the notes.
    """

    counted: str
    head: str
    rows: dict[str, str]
    by_type: str
    notes: str

    @property
    def photos(self) -> str:
        """How many pictures."""
        return self.counted.split(" ", 1)[0]


def read(report: Path) -> Scores:
    """The parts of a report. Raises CardError when it is none, OSError when it cannot be read."""
    blocks = re.split(r"\n\s*\n", report.read_text(encoding="utf-8").strip())
    tables = [block for block in blocks if block.startswith(MEASURES)]
    by_type = [block for block in blocks if block.startswith((BY_TYPE, "### "))]
    if len(tables) != 1 or not by_type or not re.match(r"\d+ photos", blocks[0]):
        raise CardError(f"{report} is no report of `python -m beauty_vlm evaluate`.")
    lines = tables[0].split("\n")
    rows = {line.split("|")[1].strip(): line for line in lines[2:]}
    return Scores(blocks[0], "\n".join(lines[:2]), rows, "\n\n".join(by_type), blocks[-1])


def section(subject: Subject, place: str, scores: Scores) -> str:
    """What the card of `subject` shows of a report. Raises CardError when it has none of the rows."""
    rows = [scores.rows[label] for label in measured(subject) if label in scores.rows]
    if not rows:
        raise CardError(
            f"The report of {NAMES[place]} has no row for the {subject.title}: it has {', '.join(scores.rows)}."
        )
    parts = [f"{SOURCES[place]} {scores.counted}", "\n".join([scores.head, *rows])]
    return "\n\n".join([*parts, *([scores.by_type] if subject.by_type else []), scores.notes])


def results(subject: Subject, place: str, scores: Scores) -> list[EvalResult]:
    """The first measures that the report has, for the front matter: the first profile's, without their intervals."""
    found: list[EvalResult] = []
    for label, metric in subject.measures:
        number = (
            re.match(r"\s*(-?\d+(?:\.\d+)?)(%?)", scores.rows[label].split("|")[3]) if label in scores.rows else None
        )
        if number and len(found) < KEY:
            found.append(
                EvalResult(
                    task_type=subject.pipeline,
                    dataset_type=f"beauty-vlm-{place}",
                    dataset_name=f"{scores.photos} {NAMES[place]}",
                    metric_type=metric,
                    metric_name=f"{label} (%)" if number[2] else label,
                    metric_value=float(number[1]),
                )
            )
    return found


def fill(card: str, subject: Subject, place: str, scores: Scores, further: str = "") -> str:
    """A card with the figures of one report, in its text and in its front matter. Raises CardError."""
    known = ModelCard(card, ignore_metadata_errors=True)
    data: Any = known.data  # typed as the front matter of any card, though it is a model's
    kept = [one for one in data.eval_results or [] if one.dataset_type != f"beauty-vlm-{place}"]
    data.eval_results = kept + results(subject, place, scores)
    text = filled(known.text, place, f"{section(subject, place, scores)}\n\n{further}")
    return f"---\n{data.to_yaml()}\n---\n{text.lstrip()}"


def update(
    folder: Path, reports: dict[str, Path], compared: Path | None = None, plots: Path | None = None
) -> list[Path]:
    """Fill in the cards of the models in `folder` and return those that changed; `reports` by place.

    Raises CardError and OSError, and then has changed no card.
    """
    scores = {place: read(report) for place, report in reports.items()}
    if plots is not None:
        for name in PLOTS:
            shutil.copy(plots / name, folder / "tagger" / name)
    changed = {}
    for name, subject in SUBJECTS.items():
        path = folder / name / CARD_FILE
        before = card = path.read_text(encoding="utf-8")
        for place, found in scores.items():
            pictures = [f"![{said}]({plot})" for plot, said in PLOTS.items() if (path.parent / plot).is_file()]
            card = fill(card, subject, place, found, " ".join(pictures) if place == "photos" else "")
        if compared is not None and name == "captioner-lora":
            card = filled(card, "own", comparison(compared))
        if card != before:
            changed[path] = card
    for path, card in changed.items():
        path.write_text(card, encoding="utf-8")
    return list(changed)


def comparison(printed: Path) -> str:
    """What the adapter's card shows of a comparison with its base. Raises CardError when it is none, and OSError."""
    table = printed.read_text(encoding="utf-8").strip()
    if not table.startswith(COMPARED):
        raise CardError(f"{printed} is not what `python -m finetune.compare` prints.")
    told = "The base was never taught detailed captions: most of the ratio is that. Raw captions, by "
    return f"{told}`python -m finetune.compare`.\n\n{table}"


def main() -> None:
    """Fill in by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.figures")
    arguments.add_argument("--photos", type=Path, metavar="FILE", help="report of `beauty_vlm evaluate` on real photos")
    arguments.add_argument("--renders", type=Path, metavar="FILE", help="the same on held-out renders")
    arguments.add_argument("--compare", type=Path, metavar="FILE", help="what `finetune.compare` printed")
    arguments.add_argument("--plots", type=Path, metavar="DIR", help="what `evaluate --plots` drew of the real photos")
    arguments.add_argument("--to", type=Path, default=EMBEDDED, metavar="DIR", help="the models' folders")
    parsed = arguments.parse_args()
    reports = {name: getattr(parsed, name) for name in SOURCES if getattr(parsed, name) is not None}
    try:
        changed = update(parsed.to, reports, parsed.compare, parsed.plots)
    except (CardError, OSError, UnicodeDecodeError) as error:
        raise SystemExit(str(error)) from None
    print("\n".join(map(str, changed)) or "Nothing changed.")


if __name__ == "__main__":
    main()
