"""Reads a caption as tokens: lower case, one space, hyphens gone; each knows where it stands in the text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

# A colour's code after its name, a number with its decimals, a word with its apostrophes, or any other character by
# itself.
TOKEN = re.compile(r"\(#[\da-fA-F]{6}\)|\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
HYPHENS = frozenset("-‐‑")
DASHES = HYPHENS | frozenset("–—")
SPELT = {"’": "'", "“": '"', "”": '"', "„": '"'}


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's tokens, with the [start, end) of each in the text, and where each starts in `plain`, which is the
    tokens joined by single spaces.
    """

    tokens: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]
    plain: str
    starts: tuple[int, ...]

    def matches(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, re.Match[str]]]:
        """Where a pattern matches whole tokens of `plain`: the first token, the one after the last, the match."""
        for match in pattern.finditer(self.plain):
            first = bisect_left(self.starts, match.start())
            after = bisect_right(self.starts, match.end() - 1)
            if match.end() > match.start():
                yield first, after, match

    def span(self, first: int, after: int) -> tuple[int, int]:
        """The [start, end) in the text of some tokens."""
        return self.spans[first][0], self.spans[after - 1][1]


def read(text: str) -> Reading:
    """The tokens of any text."""
    tokens, spans = [], []
    for match in TOKEN.finditer(text):
        token = match[0].lower()
        if token.startswith("(#"):  # it is read over, so that a list of names with their codes stays a list
            continue
        if token in DASHES:
            if token in HYPHENS and _joins(text, match):
                continue
            token = ","
        for written, plain in SPELT.items():
            token = token.replace(written, plain)
        tokens.append(token)
        spans.append(match.span())
    starts, at = [], 0
    for token in tokens:
        starts.append(at)
        at += len(token) + 1
    return Reading(tuple(tokens), tuple(spans), " ".join(tokens), tuple(starts))


def _joins(text: str, hyphen: re.Match[str]) -> bool:
    """Whether a hyphen joins two words: "rosy-brown", not "a lipstick - red"."""
    start, end = hyphen.span()
    return start > 0 and end < len(text) and text[start - 1].isalnum() and text[end].isalnum()


def phrase(pattern: str) -> re.Pattern[str]:
    """A pattern of whole tokens of `Reading.plain`."""
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
