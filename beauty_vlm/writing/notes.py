"""What the user knows of a product and no photo tells: read, said as given, and held against the photo.

Notes never change what is measured, and make no claims of ours: they stand in a last sentence of their own that
says whose words they are, and in the record's `notes`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import Mention
from beauty_vlm.report import Length, Note
from beauty_vlm.vocabulary import type_groups
from beauty_vlm.writing.colour_words import mention_probability, naming
from beauty_vlm.writing.judging import Measured, borne_out

# What may be noted, and the most characters of it: names fit on a label, a list of ingredients on a box.
LONGEST = {"brand": 60, "shade": 60, "ingredients": 600, "other": 300}
ALSO_CALLED = {"shade_name": "shade", "note": "other"}  # as the shell and the page's API call them
NAMES = {"brand": "brand", "shade": "shade name", "ingredients": "list of ingredients", "other": "note"}
OPENING = "By your notes: "
# A short description has room for names.
SHORT_KINDS = ("brand", "shade")
# Whether a note of this kind may speak of colour, finish and type. A brand may be called Rose and an ingredient is
# honey; a shade may be called "powder pink", and "other" may speak of the scent of peach.
COLOUR_KINDS, FINISH_KINDS, TYPE_KINDS = ("shade",), ("shade", "other"), ("other",)
# A finish contradicts a note when it is likelier than all others together; so does a shade. Both are said to be
# probable until they may be claimed.
LIKELIER = 0.5
# What a product is used with, two words before its name at most.
BESIDE = re.compile(
    r"\b(?:with|under|over|for|beside|before|after|like|unlike|than|match(?:es|ing)?)\b(?:\s+[\w'’-]+){0,2}\s*$",
    re.IGNORECASE,
)

MARKUP = re.compile(r"<[/!?]?[A-Za-z]")  # but not "price < 20"

Given = Mapping[str, str | None]


class NoteError(ValueError):
    """A note cannot be used; the message is one plain sentence."""


def read(given: Given | None) -> tuple[Note, ...]:
    """The notes in `given`, a text for each kind of LONGEST; each on one line, blank ones left out.

    Characters that cannot be seen are dropped, and double quotes become single ones, since the description quotes
    the notes. Raises NoteError for an unknown kind, a text that is none, is too long or holds markup.
    """
    if not isinstance(given, Mapping | None):
        raise NoteError(f"Notes are a text for each kind, by its name: {', '.join(LONGEST)}.")
    given = {ALSO_CALLED.get(kind, kind): text for kind, text in (given or {}).items()}
    if unknown := sorted(set(given) - set(LONGEST)):
        raise NoteError(f"There are no notes of kind {unknown[0]!r}: the kinds are {', '.join(LONGEST)}.")
    return tuple(Note(kind, text) for kind in LONGEST if (text := _tidy(kind, given.get(kind))))


def _tidy(kind: str, text: str | None) -> str:
    if text is None:
        return ""
    if not isinstance(text, str):
        raise NoteError(f"The {NAMES[kind]} is no text.")
    plain = "".join(" " if one.isspace() else one for one in unicodedata.normalize("NFC", text))
    plain = "".join(one for one in plain if unicodedata.category(one) not in ("Cc", "Cf", "Cs"))
    plain = " ".join(plain.translate(str.maketrans('"“”„', "''''")).split())
    if MARKUP.search(plain):
        raise NoteError(f'The {NAMES[kind]} is plain text: it may not hold markup such as "<b>".')
    if len(plain) > LONGEST[kind]:
        raise NoteError(f"The {NAMES[kind]} may have at most {LONGEST[kind]} characters; this has {len(plain)}.")
    return plain


def sentence(notes: Iterable[Note], length: Length = "normal") -> str:
    """What the description says of them: `By your notes: brand "X", shade "Velvet Nude".`; "" where there are none."""
    said = [note for note in notes if length != "short" or note.kind in SHORT_KINDS]
    texts = (f'"{_unended(note.text)}"' if note.kind == "other" else f'{note.kind} "{note.text}"' for note in said)
    return f"{OPENING}{', '.join(texts)}." if said else ""


def _unended(text: str) -> str:
    """Without the full stop that ends a sentence: the quoting one has its own."""
    return text if text.endswith("..") else text.removesuffix(".")


def added(description: str, notes: Iterable[Note], length: Length) -> str:
    """The description with what the user gave as its last sentence."""
    return " ".join(part for part in (description, sentence(notes, length)) if part)


def told_apart(description: str, notes: Iterable[Note]) -> tuple[str, str]:
    """What is ours of a description, and its last sentence, which is the user's ("" without notes)."""
    if not tuple(notes) or OPENING not in description:
        return description, ""
    at = description.index(OPENING)
    return description[:at], description[at:]


def compared(notes: Iterable[Note], measured: Measured) -> tuple[Note, ...]:
    """The notes, each with its conflict where the photo shows something else than it says."""
    return tuple(replace(note, conflict=_conflict(note, measured)) for note in notes)


def _conflict(note: Note, measured: Measured) -> str | None:
    found = [
        one
        for one in mentions.find(note.text)
        if one.scope == "material" and not one.negated and not (one.kind == "type" and _is_beside(note.text, one))
    ]
    said = {
        "type": [mention for mention in found if mention.kind == "type" and note.kind in TYPE_KINDS],
        "colour": [mention for mention in found if mention.kind == "colour" and note.kind in COLOUR_KINDS],
        "finish": [mention for mention in found if mention.kind == "finish" and note.kind in FINISH_KINDS],
    }
    shown = (
        (said["type"], "shows", _other_type(said["type"], measured)),
        (said["colour"], _shows_shade(measured), _other_shade(said["colour"], measured)),
        (said["finish"], _shows_finish(measured), _other_finish(said["finish"], measured)),
    )
    sentences = [
        *_denied_type(note, measured),
        *(
            f"Your note says {_listed(note.text, found)}, the photo {shows} {other}."
            for found, shows, other in shown
            if other
        ),
    ]
    return " ".join(sentences) or None


def _denied_type(note: Note, measured: Measured) -> Iterator[str]:
    """That the product is of the type that a note says it is not, where that is sure."""
    if note.kind in TYPE_KINDS and measured.product_type.accepted:
        for mention in mentions.find(note.text):
            if mention.kind == "type" and mention.negated and borne_out(mention.term, measured.product_type):
                yield f"Your note says {mention.text}, the photo shows {_with_article(mention.term)}."


def _with_article(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _is_beside(text: str, product: Mention) -> bool:
    """Whether a product is named as what goes with this one: "ideal under mascara"."""
    return BESIDE.search(text[: product.span[0]]) is not None


def _other_type(said: list[Mention], measured: Measured) -> str | None:
    """The type that the photo shows where none of the words for it can be right."""
    product = measured.product_type
    word = product.word.label
    group = next((group.types for group in type_groups() if group.name == word), frozenset())
    possible = any(borne_out(mention.term, product) or mention.term in group for mention in said)
    if not said or possible or not product.accepted:
        return None
    return _with_article(word)


def _other_shade(said: list[Mention], measured: Measured) -> str | None:
    """The main shade where none of the colour words may be said of any that was measured."""
    main = measured.shade.main
    if main is None or not said or measured.trust.shade <= LIKELIER:
        return None
    possible = 1 - measured.trust.shade_bar  # what may well be so is no conflict
    likely = (mention_probability(mention, swatch) for mention in said for swatch in naming(measured.shade))
    return None if any(share > possible for share in likely) else main.name


def _shows_shade(measured: Measured) -> str:
    return "shows" if measured.trust.shade >= measured.trust.shade_bar else "probably shows"


def _shows_finish(measured: Measured) -> str:
    sure = measured.finish is not None and measured.finish.score >= measured.trust.finish_bar
    return "shows" if sure else "probably shows"


def _other_finish(said: list[Mention], measured: Measured) -> str | None:
    """The finish that was told where it is sure enough and none of the words names it."""
    finish = measured.finish
    if finish is None or finish.score <= LIKELIER or not said or any(one.term == finish.label for one in said):
        return None
    return f"a {finish.label} finish"


def _listed(text: str, found: list[Mention]) -> str:
    return " and ".join(text[slice(*mention.span)].lower() for mention in found)
