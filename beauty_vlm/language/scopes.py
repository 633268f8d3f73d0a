"""What a word of a caption is said of: the product's material, its packaging, or what is around it.

The noun that a word stands before tells; without one, what it is said to be ("the cap is gold"), or what leads to it
("a red lipstick in black", "on white").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from beauty_vlm.language.reading import Reading
from beauty_vlm.language.wording import wording
from beauty_vlm.vocabulary.speech import speech

# "Others" are pieces of other shades than the product's main one ("Others are plum").
Scope = Literal["material", "packaging", "background", "others"]

JOINTS = frozenset([",", "and", "or", "&"])
WORDS_BETWEEN = 4  # other adjectives and nouns that may come between a word and its noun
CLAUSE = 8  # how far back the subject of "is" is looked for
REACH = 24  # how many tokens a list of describing words may have


class Clause:
    """The tokens of a text by what they are: a noun's scope, a type, or a word that describes."""

    def __init__(self, reading: Reading, found: Iterable[tuple[int, int, str]]) -> None:
        """`found` holds what was found: the first token, the one after the last, and the kind."""
        self._tokens = reading.tokens
        self._grammar = speech().grammar
        nouns = wording().nouns
        self._class: list[str | None] = [nouns.get(token) for token in self._tokens]
        self._after = list(range(1, len(self._tokens) + 1))
        self._first = list(range(len(self._tokens)))
        self._kinds: dict[int, str] = {}
        for first, after, kind in found:
            name = {"type": "type", "packaging": "stuff"}.get(kind)
            if kind in ("colour", "finish", "depth", "undertone"):
                name = "word"
            self._kinds[first] = kind
            leaning = " ".join(reading.tokens[first:after]) in speech().leaning_materials
            if kind == "packaging" and leaning and self._class_of(after) != "packaging":
                continue  # "on white marble", "red velvet": what they are besides
            for place in range(first, after):
                self._class[place], self._first[place], self._after[place] = name, first, after

    def scope(self, first: int, after: int) -> Scope:
        """What the words from one token to another are said of."""
        return self._noun(after) or self._subject(first) or "material"

    def noun_after(self, after: int) -> Scope | None:
        """The scope of the noun that what ends before a token is said of."""
        return self._noun(after)

    def led_to(self, first: int, prepositions: Sequence[str]) -> bool:
        """Whether one of the prepositions leads to a token, over other words that describe."""
        place = self._back(first)
        return place >= 0 and self._tokens[place] in prepositions

    def ends(self, after: int) -> bool:
        """Whether no other noun may follow what ends before a token: "in glass, closed", not "in a glass room"."""
        if after >= len(self._tokens) or after in self._kinds:
            return True
        token = self._tokens[after]
        return token in self._grammar["stops"] or token.endswith("ing") or not token[0].isalnum()

    def _noun(self, place: int) -> Scope | None:
        steps, end = 0, min(len(self._tokens), place + REACH)
        while place < end and steps <= WORDS_BETWEEN:
            name, token = self._class[place], self._tokens[place]
            if name == "packaging" or name == "stuff":
                of_background = name == "stuff" and self._class_of(self._after[place]) == "background"
                return "background" if of_background else "packaging"
            if name == "background":
                return "background"
            if name in ("material", "type"):  # "a bullet case", "a lipstick tube": the last noun tells
                return "packaging" if self._class_of(self._after[place]) == "packaging" else "material"
            if name == "word":
                place = self._after[place]
            elif token in JOINTS and self._goes_on(place):
                place += 1
            elif token in self._grammar["stops"] or not token[0].isalnum():
                return None
            else:
                place, steps = place + 1, steps + 1
        return None

    def _class_of(self, place: int) -> str | None:
        return self._class[place] if place < len(self._tokens) else None

    def _goes_on(self, place: int) -> bool:
        """Whether a list of describing words goes on after a joint: "black and gold", "brown, beige and gold"."""
        for _ in range(REACH):
            if self._class_of(place + 1) not in ("word", "stuff"):
                return False
            if self._tokens[place] != ",":
                return True
            before, after = self._kinds.get(self._first[place - 1]), self._kinds.get(self._first[place + 1])
            if before != after:  # "a shiny, black tube"
                return True
            place = self._after[place + 1]
            if place >= len(self._tokens) or self._tokens[place] not in JOINTS:
                return False
        return False

    def _back(self, first: int) -> int:
        """The token before a word and those that describe the same: -1 for none."""
        place = first - 1
        while place >= max(0, first - REACH):
            token = self._tokens[place]
            joint = place > 0 and token in JOINTS and self._class[place - 1] in ("word", "stuff")
            if not (joint or token in self._grammar["adverbs"] or self._class[place] in ("word", "stuff")):
                break
            place -= 1
        return place

    def _subject(self, first: int) -> Scope | None:
        """The scope that what stands before a word tells of."""
        place = self._back(first)
        if place < 0:
            return None
        token = self._tokens[place]
        if token in self._grammar["onto"]:
            return "background"
        if token in self._grammar["copulas"]:
            return self._subject_of(place)
        if token == "in" and place > 0:
            if self._tokens[place - 1] in self._grammar["housed"]:
                return "packaging"
            if self._class[place - 1] == "packaging":  # but "a lipstick tube in red" is a lipstick in red
                return "material" if place > 1 and self._class[place - 2] == "type" else "packaging"
            before = self._first[place - 1] - 1
            coloured = before >= 0 and self._kinds.get(self._first[before]) == "colour"
            return "packaging" if self._class[place - 1] == "type" and coloured else None
        return None

    def _subject_of(self, copula: int) -> Scope | None:
        """The scope of the nearest noun before "is", or of the one that it is of ("the case of the lipstick is")."""
        found: Scope | None = None
        for place in range(copula - 1, max(-1, copula - CLAUSE), -1):
            name, token = self._class[place], self._tokens[place]
            if token in (",", ".", ";"):
                break
            if token == "surface" and place and self._tokens[place - 1] in ("the", "its"):  # its own
                found = "material"
            elif name in ("packaging", "stuff"):
                found = "packaging"
            elif name == "background":
                found = "background"
            elif name == "others":
                found = "others"
            elif name == "material" or name == "type":
                found = "material"
            else:
                continue
            led = self._tokens[place - 1] if place else ""
            of = led == "of" or (led in self._grammar["adverbs"] and place > 1 and self._tokens[place - 2] == "of")
            if not of:
                break
        return found
