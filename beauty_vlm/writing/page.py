"""The page: a description as it grows, with the claims in it and what was mended to make them true."""

from __future__ import annotations

from dataclasses import replace

from beauty_vlm.language.mentions import Mention, hedge
from beauty_vlm.report import Claim, Mend
from beauty_vlm.writing.judging import Verdict
from beauty_vlm.writing.lexicon import ARTICLES, article
from beauty_vlm.writing.phrases import Judged, Phrase, Word


class Page:
    """The text as it grows; each claim's span is that of its text."""

    def __init__(self) -> None:
        self.text = ""
        self.claims: list[Claim] = []
        self.mends: list[Mend] = []

    def phrases(self, phrases: list[Phrase]) -> None:
        """Add one sentence, its claims as judged; articles and lists are written anew, so that they are right."""
        begin = self._begin()
        for phrase in phrases:
            words = [word for word in phrase.words if not word.cut]
            if phrase.comma:
                self.text += ","
            for text in phrase.joint:
                self._word(text)
            for number, word in enumerate(words):
                # After a cut a list may begin in its middle.
                joined = word.listed and number > 0 and words[number - 1].mention is not None
                last = number + 1 == len(words) or not words[number + 1].listed
                if joined:
                    self.text += " and" if last else ","
                self._claim_or_word(word)
        self._end(begin)

    def sentence(self, sentence: str, judged: Judged = ()) -> None:
        """Add one sentence as it stands, with its claims, none of which is replaced or cut."""
        begin = self._begin()
        for mention, verdict in judged:
            start, end = (begin + offset for offset in mention.span)
            adverb = hedge(sentence[: mention.span[0]])
            self.claims.append(_claim(sentence[slice(*mention.span)], (start, end), mention, verdict, adverb))
        self.text += sentence.rstrip(" ,;:")
        self._end(begin)

    def _begin(self) -> int:
        if self.text:
            self.text += " "
        return len(self.text)

    def _end(self, begin: int) -> None:
        written = self.text[begin:]
        self.text = self.text[:begin] + written[:1].upper() + written[1:]
        if written and written[-1] not in ".!?":
            self.text += "."
        self.claims = [replace(claim, text=self.text[slice(*claim.span)]) for claim in self.claims]

    def _claim_or_word(self, word: Word) -> None:
        text = word.final
        self._word(text)
        if word.mention is not None and word.verdict is not None:
            span = (len(self.text) - len(text), len(self.text))
            self.claims.append(_claim(text, span, word.mention, word.verdict, hedge(self.text[: span[0]])))

    def _word(self, text: str) -> None:
        before, _, last = self.text.rpartition(" ")
        if last.lower() in ARTICLES:
            self.text = f"{before} {article(text)}" if before else article(text)
        self.text += text if not self.text or self.text.endswith(" ") else f" {text}"


def _claim(text: str, span: tuple[int, int], mention: Mention, verdict: Verdict, adverb: str | None) -> Claim:
    kind = mention.kind if mention.scope == "material" else mention.scope
    return Claim(text, span, kind, verdict.verdict, verdict.evidence, verdict.said, adverb)
