"""The words a description may be made of beside its claims: whatever else a caption says, nothing here can check.

Claims (the vocabulary's words) are found by `beauty_vlm.language.mentions` and judged; the words below only join them
or say how a photo is laid out. A brand, a price, a promise or a foreign word is none of them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from beauty_vlm.language import mentions


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ARTICLES = _set("a an")
DETERMINERS = ARTICLES | _set("the its their this that these those some both")
PREPOSITIONS = _set(
    "in with on of from by near beside for at over under against behind inside into onto without as to between before"
)
COMPOUND_PREPOSITIONS = ("on top of", "in front of", "next to", "close to", "made of", "along with", "as well as")
VERBS = _set("is are was were has have comes come shows shown showing features featuring contains")
# Of these a phrase may be made alone ("lying"), or they lead to its noun ("lying on a cloth").
POSTURES = _set("lying standing leaning held worn laid sitting placed resting seen set")
CONJUNCTIONS = _set("and or but while")
JOINTS = PREPOSITIONS | frozenset(COMPOUND_PREPOSITIONS) | VERBS | CONJUNCTIONS | _set("that which")
# Without a noun after them these say nothing of their own.
GENERIC_NOUNS = _set(
    "shade shades colour colours color colors hue hues tone tones finish finishes texture textures look looks "
    "undertone undertones depth"
)
POINTING = _set("the this that its their these those")
# What a powder, cream or pen is goes before its noun, and a colour before that: "a pink powder blush".
TEXTURES = _set("powder cream creamy liquid gel loose pressed soft smooth small single clear tinted")
# What may follow the product's name: how it is shown.
SHOWN_AS = _set("swatch swatches stroke strokes smear smears pan pans stick pencil pen crayon")
# What packages are like beside the nouns for them (`language.wording`): "a soft-touch pen", "a roll-on bottle".
FORMS = _set(
    "pencil pen stick crayon palette cushion spray squeeze roll-on twist-up foam form coloured glass plastic pastel"
)
# Of these only a colour or the like is worth saying.
BARE = _set("background backdrop surface ground")
# How a surface looks, which only a finish tells.
SURFACE = _set(
    "texture textures sheen shine glow gleam sparkle sparkles pearl flecks highlights velvety glassy wet-looking "
    "foil-like"
)
# How the products of the renders are laid out, packed and textured (data/products, data/caption.py).
LAYOUT = """
alone ampoule apart applicator arc arm arms atomizer bag beside blurred both bottle box brand-new bristles broken
brush bullet by cannot cap carton case cheek cheeks clear close-up closed cloth coloured comb compact crayon crossed
crumbled crushed cup cushion different disc doe-foot down drawing drawn dropper edge ends eye eyelid eyelids face fan
fanned finger fingers flacon flat form front frosted full gift glassware group grouped half hand hands head heads held
hidden high in it itself jar jars laid lashes lay leaning lid lids line lines lip lips loose lying mirror missing nail
nails off one ones open opened out package packages paint palette pan pans paper pen pencil pens piece pieces pile plain
plate pot pots poured powder pressed product products puff pulled pump removed ring roll roll-on roller rollerball row
rows sachet scissors seen several shade shades sheet showing side sides single skin smear smeared
smears smudge spatula sponge spray squeeze stand standing stick sticks stopper streak stroke strokes swatch swatches
swipe swipes tall tip tips together top tray tube tubes turned twist-up twisted unit up wand wands wheel wide window
wood wooden worn wrist
"""
TEXTURE = """
be bright catch cream creamy dense describe even fine flecks foam foil foil-like full gel gentle gives glassy glow
gradient highlights its lie light like liquid no not object pearl photo pressed reflects sheen shine smooth soft solid
sparkle sponge surface texture that there thin tinted tones velvety visible water wet-looking
"""
BACKGROUNDS = "blurred stone tiled tiles plaster terrazzo marble wooden fabric textured pattern patterned scene"
# Four times the longest caption of ours: words said twice are looked for in squared time.
MOST_CHARACTERS = 2000
STRANGE = re.compile(r"[^\w\s.,;:!?'’()&/–—-]+")


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    nouns = f"{mentions.PACKAGING_NOUNS}|{mentions.PACKAGING_MATERIALS}|{mentions.BACKGROUND_NOUNS}".split("|")
    single = {part for phrase in (*COMPOUND_PREPOSITIONS, *nouns) for part in phrase.split()}
    plural = {f"{noun}s" for noun in nouns}
    texts = " ".join((LAYOUT, TEXTURE, BACKGROUNDS)).split()
    return frozenset(texts) | single | plural | set(nouns) | DETERMINERS | JOINTS | POSTURES | GENERIC_NOUNS


def known(word: str) -> bool:
    """Whether a word that is no claim may be said."""
    return word.lower() in _words()


def article(following: str) -> str:
    """The indefinite article before a word; by its first letter, as none of the vocabulary's needs its sound."""
    return "an" if following[:1].lower() in "aeiou" and not following.lower().startswith(("one", "uni")) else "a"


def clean(text: str) -> str:
    """One space between words, no character that is none of speech, no word said twice in a row, right articles; at
    most MOST_CHARACTERS.
    """
    text = " ".join(STRANGE.sub(" ", text).split())[:MOST_CHARACTERS]
    text = re.sub(r"\b((?:[\w'-]+ ){0,2}[\w'-]+)(?:,? \1\b(?![\w'-]))+", r"\1", text, flags=re.IGNORECASE)
    text = re.sub(r"\s+([.,;:!?])", r"\1", text)

    def right(match: re.Match[str]) -> str:
        said = article(match[2])
        return said.capitalize() if match[1][0].isupper() else said

    return re.sub(r"\b(an?)(?= ([^\W\d_]+))", right, text, flags=re.IGNORECASE)


def split(caption: str) -> list[str]:
    """The sentences of a caption, cleaned."""
    caption = caption.lower() if caption.isupper() else caption
    return [sentence for sentence in re.split(r"(?<=[.!?])\s+", clean(caption)) if sentence]
