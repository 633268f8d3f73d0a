"""The reader's own labels, as typed into the Tag tab."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Each label is encoded in every prompt template: this many keep the answer within seconds on a processor.
MOST_LABELS = 32
LONGEST_LABEL = 100  # characters: what the tagger takes
SHOWN = 30  # characters of a label that is too long


class LabelError(ValueError):
    """The labels cannot be used; the message is one plain sentence."""


def read_labels(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """The labels in `text`, one a line or a list of them; spaces around them, empty lines and repetitions are dropped.

    Raises LabelError when there are fewer than two, too many, or one is too long or not in Latin letters, which are all
    that the taggers have learned.
    """
    if not isinstance(text, str | list | tuple | None):
        raise LabelError("Labels are text, one on each line, or a list of texts.")
    given = (text or "").splitlines() if isinstance(text, str | None) else [str(line) for line in text]
    lines = (" ".join(line.split()) for line in given)
    first_spellings: dict[str, str] = {}
    for line in lines:
        first_spellings.setdefault(line.casefold(), line)
    labels = tuple(label for label in first_spellings.values() if label)
    if not labels:
        raise LabelError("Type your labels first, one on each line.")
    if len(labels) == 1:
        raise LabelError("Type at least two different labels: a score says how well one fits beside the others.")
    if len(labels) > MOST_LABELS:
        raise LabelError(f"These are {len(labels)} labels; at most {MOST_LABELS} can be compared at a time.")
    if strange := next((label for label in labels if not re.search("[A-Za-z]", label)), None):
        raise LabelError(f"“{strange[:SHOWN]}” has no English letter: write the labels in English.")
    if long := next((label for label in labels if len(label) > LONGEST_LABEL), None):
        sentence = f"“{long[:SHOWN]}…” has {len(long)} characters; a label may have at most {LONGEST_LABEL}."
        raise LabelError(sentence)
    return labels
