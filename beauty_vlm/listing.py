"""A report as a block of text for people to read in a shell."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from beauty_vlm.report import Report
from beauty_vlm.writing.headline import called_finish, called_shade

WIDTH = 100  # columns of the text that `describe` prints


def as_text(report: Report) -> str:
    """A described photo as a block for people to read."""
    indent = "  "
    lines = [report.file or "photo"]
    if report.description:
        lines.append(textwrap.fill(report.description, WIDTH, initial_indent=indent, subsequent_indent=indent))
    if report.product_type:
        kind = f"{report.product_type.label} ({report.product_type.score:.2f})"
        word = report.product_type.word
        hedged = f"{word.label} ({word.score:.2f}); nearest: " if word.label != report.product_type.label else ""
        unsure = hedged if report.product_type.accepted else "perhaps no beauty product at all; nearest: "
        lines.append(f"{indent}type    {unsure}{kind}")
    if report.product_type is None or report.product_type.accepted:  # else it has no shade to speak of
        lines += [f"{indent}{line}" for line in _look(report)]
    lines += [f"{indent}note    {note.conflict}" for note in report.notes or () if note.conflict]
    return "\n".join([*lines, ""])


def _look(report: Report) -> Iterator[str]:
    """The lines on shade and finish."""
    if report.shade and (main := report.shade.main):
        lab = " ".join(f"{value:.1f}" for value in main.lab)
        off = "" if main.uncertainty is None else f"  ±{main.uncertainty:.1f} ΔE"
        yield f"shade   {called_shade(report)}  {main.hex}  Lab {lab}{off}"
        if corrected := report.shade.corrected:
            yield f"        in neutral light {corrected.name}  {corrected.hex}"
    else:
        yield f"shade   {(report.shade and report.shade.unjudged) or 'none visible'}"
    if finish := called_finish(report):
        yield f"finish  {finish.label} ({finish.score:.2f})"
