"""Typefaces that pictures are lettered in, and the invented names that are set in them."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import ImageDraw, ImageFont

from data.draw import Draw

Face = ImageFont.FreeTypeFont | ImageFont.ImageFont
Style = Literal["sans", "serif", "fancy"]
Weight = Literal["light", "regular", "bold"]

# Installed with requirements-train.txt, so that a seed gives one picture on every machine (OFL; Caladea Apache-2.0).
FAMILIES: dict[Style, tuple[str, ...]] = {
    "sans": ("font_hanken_grotesk", "font_manrope", "font_source_sans_pro"),
    "serif": ("font_source_serif_pro", "font_caladea"),
    "fancy": ("font_amatic_sc", "font_fredoka_one"),
}
LETTERS = ("font_manrope", "font_source_sans_pro")  # these hold Greek and Cyrillic too
MACHINE_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
WEIGHTS: dict[Weight, tuple[str, ...]] = {
    "light": ("light",),
    "regular": ("regular", "medium"),
    "bold": ("bold", "black", "semibold", "extrabold"),
}
# Syllables whose pairs and triples spell no cosmetics brand that we know of; checked by eye on 500 names.
SYLLABLES = (
    "vo", "zu", "qua", "tri", "plo", "wen", "dra", "kel", "orv", "ulm", "bry", "sto", "fen", "gri", "hax", "jul", "kno",
    "wix", "yor", "zem", "tav", "bul", "nox", "pry",
)  # fmt: skip
GREEK = ("λο", "μα", "σκι", "θε", "ρα", "κυ", "ξη", "φο", "δρι", "πα")
CYRILLIC = ("бло", "жу", "кве", "дра", "щи", "мо", "ряк", "зе", "фун", "лю")
_said: ContextVar[str] = ContextVar("_said", default="")


@lru_cache(maxsize=1)
def fonts() -> tuple[str, ...]:
    """Font files: those of FAMILIES, else the machine's, in a fixed order; none when there are none."""
    packed = [f for style in FAMILIES for family in FAMILIES[style] for f in _files(family)]
    if packed:
        return tuple(packed)
    found = {f for d in MACHINE_FOLDERS if Path(d).is_dir() for f in Path(d).rglob("*.[to]tf")}
    useless = ("symbol", "dingbat", "emoji", "math", "d050000l")
    return tuple(sorted((str(f) for f in found if not any(s in f.name.lower() for s in useless)), key=_name))


@lru_cache(maxsize=16)
def _files(package: str) -> tuple[str, ...]:
    """Font files of one installed package, upright and italic, one format of each."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return ()
    folder = Path(spec.origin).parent / "files"
    by_name = {f.stem: str(f) for f in sorted(folder.glob("*.[to]tf")) if "Variable" not in f.name}
    return tuple(by_name[name] for name in sorted(by_name))


def _name(file: str) -> str:
    return Path(file).name


def font(draw: Draw, size: int) -> Face:
    """A typeface of `size` pixels as packages use them: mostly sans-serif, upright."""
    style: Style = draw.weighted({"sans": 6, "serif": 3, "fancy": 0.7})
    return typeface(draw, size, style, draw.weighted({"light": 1, "regular": 2, "bold": 1.5}))


def typeface(draw: Draw, size: int, style: Style, weight: Weight) -> Face:
    """A typeface of a style and weight, `size` pixels high; any other where those are missing."""
    family = draw.choice(*FAMILIES[style])
    return _open(_weighed(draw, _files(family), weight), size)


def letters(draw: Draw, size: int, weight: Weight) -> Face | None:
    """A typeface that holds Greek and Cyrillic, or None where none is installed."""
    files = _files(draw.choice(*LETTERS))
    return _open(_weighed(draw, files, weight), size) if files else None


def _weighed(draw: Draw, files: tuple[str, ...], weight: Weight) -> str | None:
    upright = [f for f in files if not (Path(f).stem.endswith("It") or "Italic" in _name(f))]
    fitting = [f for f in upright if any(_name(f).lower().split("-")[-1].startswith(w) for w in WEIGHTS[weight])]
    choices = fitting or upright or list(fonts())
    return draw.choice(*choices) if choices else None


def _open(file: str | None, size: int) -> Face:
    return ImageFont.truetype(file, max(size, 5)) if file else ImageFont.load_default(max(size, 5))


def invented_name(draw: Draw) -> str:
    """A name that no brand bears, in one of the usual cases; or the word of `saying`, with the same draws."""
    word = "".join(draw.choice(*SYLLABLES) for _ in range(draw.integer(1, 3)))
    word = _said.get() or word
    return draw.choice(word.upper(), word.capitalize(), word)


@contextmanager
def saying(word: str) -> Iterator[None]:
    """Inside, every invented name reads `word`; all random choices stay the same."""
    token = _said.set(word)
    try:
        yield
    finally:
        _said.reset(token)


def foreign_name(draw: Draw) -> str:
    """A name of one or two invented words in Greek or Cyrillic letters."""
    syllables = GREEK if draw.chance(0.4) else CYRILLIC
    words = ["".join(draw.choice(*syllables) for _ in range(draw.integer(2, 3))) for _ in range(draw.integer(1, 2))]
    return draw.choice(" ".join(words), " ".join(words).upper())


def line(
    pen: ImageDraw.ImageDraw,
    at: tuple[float, float],
    text: str,
    face: Face,
    fill: object,
    *,
    align: str = "m",
    spread: float = 0.0,
) -> float:
    """Sets one line from its top at (x, y), aligned "l", "m" or "r", letters spread by a share of the size.

    Returns the height of a capital.
    """
    size = float(getattr(face, "size", 10))
    gap = spread * size
    widths = [pen.textlength(c, font=face) + gap for c in text]
    total = (sum(widths) - gap) if spread else pen.textlength(text, font=face)
    x, y = at
    x -= {"l": 0.0, "m": total / 2, "r": total}[align]
    top = pen.textbbox((0, 0), "H", font=face)
    if not spread:
        pen.text((x, y - top[1]), text, fill=fill, font=face)  # type: ignore[arg-type]
    else:
        for character, width in zip(text, widths, strict=True):
            pen.text((x, y - top[1]), character, fill=fill, font=face)  # type: ignore[arg-type]
            x += width
    return float(top[3] - top[1])


def fitted(pen: ImageDraw.ImageDraw, text: str, face: Face, width: float, spread: float = 0.0) -> Face:
    """The face, made smaller where the text would be wider than `width`."""
    if not isinstance(face, ImageFont.FreeTypeFont):
        return face
    needed = pen.textlength(text, font=face) + spread * face.size * max(len(text) - 1, 0)
    return face.font_variant(size=max(5, int(face.size * width / needed))) if needed > width else face
