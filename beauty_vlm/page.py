"""The page: a description as it grows, with the claims in it; words are replaced or cut and the grammar stays right."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from beauty_vlm.judging import Verdict
from beauty_vlm.mentions import Mention
from beauty_vlm.report import Claim

# After a cut: the phrase ends here, so that "in a", "with" or "and" before it lead to nothing; or it goes on.
PHRASE_ENDS = re.compile(r"\s*($|[.,;!?]|(in|with|on|and|next|beside|standing|lying)\b)", re.IGNORECASE)
LEADS_TO_NOTHING = re.compile(r"(,|\s+(in|with|and|has|is|of|a|an|the|beside|next to|near))*\s*$", re.IGNORECASE)
LOOSE_JOINT = re.compile(r"\s*(,|\s+and)\s+$", re.IGNORECASE)


class Page:
    """The text as it grows, with the claims in it."""

    def __init__(self) -> None:
        self.text = ""
        self.claims: list[Claim] = []

    def sentence(self, sentence: str, judged: list[tuple[Mention, Verdict]]) -> None:
        """Add one sentence, its mentions replaced or cut as judged."""
        if self.text:
            self.text += " "
        begin, at, cut = len(self.text), 0, False
        for number, (mention, verdict) in enumerate(judged):
            start, end = mention.span
            self._add(sentence[at:start], cut and start > at)
            if cut := verdict.instead == "":
                end = _end_of_cut(sentence, end, judged[number + 1][0].span[0] if judged[number + 1 :] else None)
            else:
                said = sentence[start:end]
                self._claim(mention, said if verdict.instead is None else verdict.instead, verdict)
            at = end
        self._add(sentence[at:], cut)
        if any(verdict.instead == "" for _, verdict in judged):
            self._close_list(begin)
        written = re.sub(r"[\s,;]+$", "", self.text[begin:])
        self.text = self.text[:begin] + written[:1].upper() + written[1:]
        if written and written[-1] not in ".!?":
            self.text += "."
        self.claims = [replace(claim, text=self.text[slice(*claim.span)]) for claim in self.claims]

    def _close_list(self, begin: int) -> None:
        """Where the end of a list of colours was cut, "plum, gold" becomes "plum and gold"."""
        colours = [claim for claim in self.claims if claim.span[0] >= begin and claim.kind == "colour"]
        joints = [self.text[one.span[1] : other.span[0]] for one, other in pairwise(colours)]
        for number, joint in enumerate(joints):
            last = number + 1 == len(joints) or joints[number + 1] not in (", ", " and ")
            if joint == ", " and last:
                start, end = colours[number].span[1], colours[number + 1].span[0]
                self.text = f"{self.text[:start]} and {self.text[end:]}"
                moved = len(" and ") - len(joint)
                self.claims = [
                    replace(claim, span=(claim.span[0] + moved, claim.span[1] + moved))
                    if claim.span[0] >= end
                    else claim
                    for claim in self.claims
                ]
                return

    def _claim(self, mention: Mention, said: str, verdict: Verdict) -> None:
        self._add(said)
        kind = mention.kind if mention.scope == "material" else mention.scope
        span = (len(self.text) - len(said), len(self.text))
        self.claims.append(Claim(said, span, kind, verdict.verdict, verdict.evidence))

    def _add(self, piece: str, after_cut: bool = False) -> None:
        """Add a piece of text; after a cut, what led to the words that are gone goes too."""
        if after_cut and PHRASE_ENDS.match(piece):
            self.text = LEADS_TO_NOTHING.sub("", self.text)
        elif after_cut:
            self.text = LOOSE_JOINT.sub(" ", self.text).lstrip()
        if self.text.endswith(" ") or not self.text:
            piece = piece.lstrip()
        if piece.startswith((",", ".", ";")):
            self.text = self.text.rstrip()
        article = re.search(r"\b(an?) $", self.text, re.IGNORECASE)
        if article and piece[:1].isalpha():
            right = "an" if piece[0].lower() in "aeiou" else "a"
            if article[1].lower() != right:
                right = right.capitalize() if article[1][0].isupper() else right
                self.text = f"{self.text[: article.start()]}{right} "
        self.text += piece


def _end_of_cut(sentence: str, end: int, following: int | None) -> int:
    """Where a cut ends that began with a word: after its noun ("a plum shade"), or at the next word of its list."""
    if noun := re.match(r" (shade|colou?r|hue|tone|finish|texture|look)s?\b", sentence[end:], re.IGNORECASE):
        return end + noun.end()
    listed = following is not None and re.fullmatch(r",? and |, ", sentence[end:following], re.IGNORECASE)
    return following if listed and following is not None else end
