"""A sentence in phrases: what leads to each ("in", ", with"), and its words, claims among them.

    A glossy lipstick in rose, | with its cap off   ->   [A glossy lipstick] [in rose] [, with its cap off]

A small grammar over tokens: captions are noun phrases with prepositional ones behind them, and no more is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from beauty_vlm.language.mentions import Mention
from beauty_vlm.language.wording import wording
from beauty_vlm.writing.judging import Verdict
from beauty_vlm.writing.lexicon import (
    ARTICLES,
    BARE,
    COMPOUND_PREPOSITIONS,
    CONJUNCTIONS,
    DETERMINERS,
    FORMS,
    GENERIC_NOUNS,
    JOINTS,
    POSTURES,
    PREPOSITIONS,
    SHOWN_AS,
    SURFACE,
    TEXTURES,
    known,
)

Judged = Sequence[tuple[Mention, Verdict]]

TOKEN = re.compile(rf"\b(?:{'|'.join(COMPOUND_PREPOSITIONS)})\b|[^\W_]+(?:['’-][^\W_]+)*|[,;:()/–—.!?]", re.IGNORECASE)
BREAKS = frozenset(",;:()/–—.!?")
LISTING = re.compile(r"\s*(?:,?\s*(?:and|or|&)|,)\s*", re.IGNORECASE)
# What may end a phrase: "cap standing beside", "its tip showing".
TRAILING = POSTURES | {"beside", "behind", "near", "showing"}
LISTED_KINDS = ("colour", "finish")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence, or a claim of several. `listed` joins it to the claim before it ("plum, gold and taupe").

    `mention` and `verdict` are both None for what is no claim.
    """

    text: str
    mention: Mention | None = None
    verdict: Verdict | None = None
    listed: bool = False

    @property
    def cut(self) -> bool:
        return self.verdict is not None and self.verdict.instead == ""

    @property
    def final(self) -> str:
        """What is read in its place."""
        return self.text if self.verdict is None or self.verdict.instead is None else self.verdict.instead

    def is_kind(self, kind: str, scope: str = "material") -> bool:
        return self.mention is not None and self.mention.kind == kind and self.mention.scope == scope


@dataclass(frozen=True, slots=True)
class Phrase:
    """`comma` stands before the words that lead to it (`joint`, lower case), and these before its `words`."""

    words: tuple[Word, ...]
    joint: tuple[str, ...] = ()
    comma: bool = False

    @property
    def text(self) -> str:
        """As the caption had it, for the list of mends."""
        return " ".join([*self.joint, *listed([(word.text, word.listed) for word in self.words])])

    @property
    def scopes(self) -> set[str]:
        """What its claims are said of."""
        return {word.mention.scope for word in self.words if word.mention is not None}

    @property
    def said(self) -> list[Word]:
        """Its claims that are not cut."""
        return [word for word in self.words if word.verdict is not None and not word.cut]


def listed(words: Iterable[tuple[str, bool]]) -> list[str]:
    """The texts, those marked as listed joined to the one before by commas and a last "and"."""
    runs: list[list[str]] = []
    for text, joined in words:
        if joined and runs:
            runs[-1].append(text)
        else:
            runs.append([text])
    return [run[0] if len(run) == 1 else ", ".join(run[:-1]) + " and " + run[-1] for run in runs]


def parse(sentence: str, judged: Judged) -> list[Phrase]:
    """The phrases of `sentence`, whose claims and their verdicts are `judged`, in order."""
    phrases: list[Phrase] = []
    joint: list[str] = []
    words: list[Word] = []
    comma = False

    def close() -> None:
        nonlocal joint, words
        if not words and joint and (comma or not phrases):  # ", lying"
            postures = [text for text in joint if text in POSTURES]
            joint, words = [], [Word(text) for text in postures[:1]]
        if words:
            phrases.append(Phrase(tuple(words), tuple(joint), comma and bool(phrases)))
        elif joint and set(joint) <= TRAILING:
            phrases[-1] = replace(phrases[-1], words=phrases[-1].words + tuple(Word(text) for text in joint))
        joint, words = [], []

    # Spans are of the sentence as it is: a letter whose small form is two ("İ") would shift them.
    lower = "".join(one.lower() if len(one.lower()) == 1 else one for one in sentence)
    for word in _words(lower, judged):
        if word.mention is None and word.text in BREAKS:
            close()
            comma = True
        elif word.mention is None and word.text in JOINTS | POSTURES:
            if words:
                close()
                comma = False
            joint.append(word.text)
        else:
            if words and word.mention is not None and word.text.split()[0] in JOINTS | POSTURES:
                close()  # "with its cap off" is one claim
                comma = False
            words.append(word)
    close()
    return phrases


def _words(sentence: str, judged: Judged) -> list[Word]:
    found: list[Word] = []
    at = 0
    for number, (mention, verdict) in enumerate(judged):
        between = sentence[at : mention.span[0]]
        before = judged[number - 1][0] if number else None
        joined = (
            before is not None
            and (before.kind, before.scope) == (mention.kind, mention.scope)
            and mention.kind in LISTED_KINDS
            and LISTING.fullmatch(between) is not None
        )
        if not joined:
            found += [Word(token) for token in TOKEN.findall(between)]
        found.append(Word(sentence[slice(*mention.span)], mention, verdict, joined))
        at = mention.span[1]
    return found + [Word(token) for token in TOKEN.findall(sentence[at:])]


def strange(phrase: Phrase) -> str | None:
    """The first word of a phrase that is neither a claim nor known, as a brand or a promise."""
    return next((word.text for word in phrase.words if word.mention is None and not known(word.text)), None)


# Which nouns a claim may be said of, by its scope: another's is another thing ("a white cup", "a blue one").
NOUNS_OF = {"packaging": ("packaging", "material"), "background": ("background",), "material": ("material",)}


def unclaimed(phrase: Phrase) -> str | None:
    """What a phrase says beside its claims and the nouns that these are said of, all of it where it claims nothing but
    a package's form ("in a tube"), of which the product's type tells.
    """
    claims = [word.mention for word in phrase.words if word.mention is not None]
    nouns = wording().nouns
    if not claims:
        words = [word.text for word in phrase.words if word.text not in DETERMINERS]
        forms = [nouns.get(word) in NOUNS_OF["packaging"] or word in FORMS for word in words]
        package = any(nouns.get(word) == "packaging" or word in FORMS for word in words)  # "in a bullet case"
        return None if phrase.joint[-1:] == ("in",) and package and all(forms) else phrase.text
    kinds, scopes = {claim.kind for claim in claims}, {claim.scope for claim in claims}
    classes = {name for scope in scopes for name in NOUNS_OF.get(scope, ())}
    of_package, of_surface = "packaging" in scopes, bool(kinds & {"finish", "type"})
    thing = [word for word in phrase.words if word.mention is None and word.text in ARTICLES]
    named = any(word.mention is None and (nouns.get(word.text) or word.text in FORMS) for word in phrase.words)
    if thing and not named and "packaging" in kinds:  # "in a glass" is a thing, "in glass" is not
        return phrase.text
    for word in phrase.words:
        plain = word.mention is not None or word.text in DETERMINERS | GENERIC_NOUNS | JOINTS | POSTURES | BARE
        of_its = nouns.get(word.text) in classes or (of_package and word.text in FORMS)
        if not plain and not of_its and not (of_surface and word.text in SURFACE | TEXTURES | SHOWN_AS):
            return word.text
    return None


def has_content(words: Sequence[Word]) -> bool:
    """Whether words say something by themselves: more than articles and nouns such as "finish"."""
    return any(word.mention is not None or word.text not in DETERMINERS | GENERIC_NOUNS | JOINTS for word in words)


_FUNCTION = "|".join(sorted(PREPOSITIONS | CONJUNCTIONS | ARTICLES | {"the", "its", "is", "are", "has", "have"}))
# A cap may be on, and no more said.
_LEADING = (
    r"in|with|(?<!cap )(?<!lid )(?<!top )on|of|from|by|for|at|against|into|onto|without|to|between|and|or|but|a|an|the"
    r"|as|its|is|are|has"
)
BROKEN = re.compile(
    rf"\b(?:a|an|the) (?:{_FUNCTION})\b|\b(?:{_LEADING})(?=\W*$|[,.;:!?])"
    r"|\b(?:in|with|of|from|by|for|at|into|and|or|but) (?:in|with|of|on|by|and|or|but|is|are|has|to)\b"
    r"|\b(?:is|are|has|have) (?:of|by|and|or|but|is|are|has|to)\b"
    r"|,,|,\s*\.|\.\.|\s\s|\s[,.]|^\W",
    re.IGNORECASE,
)


def well_formed(sentence: str) -> bool:
    """Whether no word of a sentence leads to nothing ("in a and", "with.")."""
    return BROKEN.search(sentence) is None
