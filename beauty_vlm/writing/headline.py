"""What a product's shade and finish are called where the description is summed up: no more than it says of them."""

from __future__ import annotations

from beauty_vlm.report import Report, Score

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
    """The finish as the description has it, a guess with its "perhaps" and its probability; else as it was measured."""
    for claim in report.claims or ():
        if claim.kind == "finish" and claim.evidence.probability is not None and claim.hedge:
            return Score(f"{claim.hedge} {claim.text}", claim.evidence.probability)
    return report.finish
