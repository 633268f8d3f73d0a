"""What a product's shade and finish are called where the description is summed up: no more than it says of them."""

from __future__ import annotations

from beauty_vlm.report import Report, Score
from beauty_vlm.writing.guesses import adverb
from beauty_vlm.writing.reliability import reliability

UNSURE = "too uncertain to name"


def called_shade(report: Report) -> str:
    """What the description calls the main shade, guesses with their "probably"; UNSURE where it calls it nothing, and
    "" where no shade was measured.
    """
    main = report.shade.main if report.shade else None
    if main is None:
        return ""
    said = [
        claim
        for claim in report.claims or ()
        if claim.kind == "colour"
        and claim.evidence.region == "material"
        and claim.evidence.measured in (None, main.hex)
    ]
    sure = next((claim.text for claim in said if not claim.hedge), None)
    guess = next((f"{claim.hedge} {claim.text}" for claim in said if claim.hedge and claim.text != sure), None)
    return ", ".join(word for word in (sure, guess) if word) or UNSURE


def called_finish(report: Report) -> Score | None:
    """The finish and its probability; with "probably" or "perhaps" where it is too unsure to be claimed."""
    finish = report.finish
    if finish is None or finish.score >= reliability().finish.bar:
        return finish
    return Score(f"{adverb(finish.score)} {finish.label}", finish.score)
