"""How well captions are parsed into claims: python -m data.parse_captions [--data FOLDER]

Against the captions of renders, whose claims follow from their truth and the sentences of `data.caption`, and against
captions that were written by hand (tests/captions.yaml). Prints a Markdown table.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
import yaml

from beauty_vlm.evaluation.metrics import Estimate, pooled
from beauty_vlm.language import mentions
from beauty_vlm.language.mentions import FORBIDDEN, Mention
from beauty_vlm.vocabulary import MANY_SHADES, shade_terms
from data.caption import LAYOUTS, NUMBERS, PALETTE_NAMES, TEXTURES
from data.material import FINISHES
from data.shards import DataMissing, table

HAND_WRITTEN = Path(__file__).parents[1] / "tests" / "captions.yaml"
SAMPLE = Path(__file__).parent / "sample"
COLUMNS = ("product_type", "finish", "shade_visible", "shade_name", "shade_names", "packaging", "packaging_colour",
           "count", "layout", "background", "caption_short", "caption_normal", "caption_detailed")  # fmt: skip

Claim = tuple[str, str, str, bool, str]  # kind, term, scope, whether it is denied, words ("" where they do not count)
Spoken = tuple[str, str, str]  # kind, term, scope

MODIFIERS = r"(?:(very light|light|medium|deep|very deep)(?:,? |$))?(?:(warm|cool|neutral) )?"
# What is said of a layout, by its parts; all others say only how things lie.
STATES = {
    "closed": "closed|closed under a clear lid|beside a closed one",
    "open": "cap off|cap beside|lid off|lid up|lid beside|lid missing|lid leaning|lid leaning behind|wand out"
    "|one wand out|wand standing beside|wand lying in front|wand leaning|wand beside|dropper out|tip out|brush out"
    "|open|half open|open flat|open with a puff|both ends open|twisted up|tip close-up|bullet close-up"
    "|with its tip showing",
    "swatch": "shown as a swatch|shown as a poured swatch|shown as a row of swatches|with a swatch|swatches on an arm"
    "|shown as a swatch of crushed powder|shown as a swatch of broken powder|shown as a swatch of drawn lines"
    "|swatches on arms of different skin tones|with drawn strokes|with drawn lines|drawn strokes|drawn lines"
    "|drawing a line|lying with a smear|with a smear|with a smear beside it|with crushed powder|poured disc",
    "worn": "worn on lips|worn on cheeks|worn on nails|worn on an eyelid|worn on lashes|worn on an eye|worn on a brow"
    "|worn on a face",
    "held": "held in a hand",
    "boxed": "with its box|with its carton|in a gift box|carton beside|before its box|in a box|in a tray|in a cup"
    "|in a roll|with a bag",
    "bare": "as a pan without a case|without a package",
}
COUNTS = {
    "1": "alone|by itself|wand alone|single nail tip",
    "several": "several lying side by side|several fanned out|fanned out|grouped|in a row|several in a row|side by side"
    "|in an arc|in a group|several together|in a pile|row of nail tips|fan of nail tips|wheel of nail tips",
}
# Packages' colours that are no shade terms; None: no colour but a material's look.
PACKAGE_COLOURS = {
    "silver": "light grey", "rose gold": "copper", "gunmetal": "dark grey", "skin-coloured": "nude", "clear": None,
    "frosted": None, "tinted": None, "shade-coloured": None, "coloured": None, "lacquered": None,
}  # fmt: skip


def spoken(row: dict[str, Any], caption: str) -> set[Spoken]:
    """What a render's caption says, from its truth: the parts that `data.caption` made it of."""
    said: set[Spoken] = set()
    kind = row["product_type"]
    for number, sentence in enumerate(caption.removesuffix(".").split(". ")):
        text = sentence[:1].lower() + sentence[1:]
        if background := re.fullmatch(r"the background is (.+)|.* on an? (.+) background", text):
            said |= _of_background(background[1] or background[2])
        elif number == 0 and kind != "other":
            said |= {("type", kind, "material")} | _of_first_sentence(row, text)
        elif (text.startswith("the shade is ") or text.startswith("its colour is ")) and row["shade_visible"]:
            said |= _of_shade(text, row)
        elif text == "the shade is hidden by the closed package":
            said.add(("state", "closed", "material"))
        elif finish := next((finish for finish, texts in TEXTURES.items() if text in texts), None):
            said.add(("finish", finish, "material"))
        elif text.startswith("it comes in "):
            said |= _of_package(row)
        elif text.endswith(" shades or pieces are shown"):
            said.add(("count", next(str(n) for n, word in NUMBERS.items() if text.startswith(word)), "material"))
    return said


def heard(caption: str) -> set[Spoken]:
    """What the parser makes of a caption."""
    return {(m.kind, _modified(m.term, m.depth, m.undertone), m.scope) for m in mentions.find(caption)}


def hand_written(path: Path = HAND_WRITTEN) -> list[tuple[str, list[Claim]]]:
    """The captions of a file and the claims of each."""
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [(entry["text"], [_claim(said) for said in entry["says"].split("; ") if said]) for entry in entries]


def claims_of(caption: str) -> list[Claim]:
    """What the parser makes of a caption, as `hand_written` gives it."""
    return [_as_claim(mention) for mention in mentions.find(caption)]


def _of_first_sentence(row: dict[str, Any], text: str) -> set[Spoken]:
    said: set[Spoken] = set()
    if row["shade_visible"]:
        several = row["product_type"] in MANY_SHADES
        names = row["shade_names"][:PALETTE_NAMES] if several else [row["shade_name"]]
        said |= {("colour", _modified(*_parts(name)), "material") for name in names}
        if row["finish"] and re.search(rf"\ban? {row['finish']}\b", text):
            said.add(("finish", row["finish"], "material"))
    package = f"{row['packaging_colour']} {'' if row['packaging'] in FINISHES else row['packaging']}".strip()
    if row["packaging"] in FINISHES:
        package = "clear plastic"
    if row["packaging"] and re.search(rf"\bin (?:an? )?{re.escape(package)}\b", text):
        said |= _of_package(row)
    if (layout := LAYOUTS.get(row["layout"], row["layout"])) and text.endswith(layout):
        said |= {spoken for part in layout.split(", ") for spoken in _of_layout(part)}
    return said


def _of_layout(part: str) -> Iterator[Spoken]:
    for kind, words in (("state", STATES), ("count", COUNTS)):
        for term, parts in words.items():
            if part in parts.split("|"):
                yield kind, term, "material"
    if part == "closed under a clear lid":
        yield "packaging", "clear", "packaging"


def _of_shade(text: str, row: dict[str, Any]) -> set[Spoken]:
    if match := re.fullmatch(rf"the shade is an? {MODIFIERS}(.+)", text):
        return {("colour", _modified(match[3], match[1], match[2]), "material")}
    match = re.fullmatch(r"its colour is (.+), (.+) in depth with an? (.+) undertone", text)
    assert match is not None, text
    return {
        ("colour", _modified(match[1], None, None), "material"),
        ("depth", match[2], "material"),
        ("undertone", match[3], "material"),
    }


def _of_package(row: dict[str, Any]) -> set[Spoken]:
    if row["packaging"] in FINISHES:
        return {("packaging", "clear", "packaging"), ("packaging", "plastic", "packaging")}
    said = {("packaging", row["packaging"], "packaging")}
    colour = row["packaging_colour"]
    if colour in ("clear", "frosted", "tinted", "shade-coloured"):
        said.add(("packaging", colour, "packaging"))
    elif colour == "lacquered":
        said.add(("packaging", "lacquer", "packaging"))
    elif colour and (name := PACKAGE_COLOURS.get(colour, colour)):
        said.add(("colour", _modified(*_parts(name)), "packaging"))
    return said


def _of_background(words: str) -> set[Spoken]:
    colour = words.removesuffix(" gradient").removesuffix(" cloth").removesuffix(" paper")
    surfaces = ("blurred", "marble", "plaster", "wooden", "stone", "water", "tiled", "terrazzo")
    return set() if colour in surfaces or not colour else {("colour", colour, "background")}


def _parts(name: str) -> tuple[str, str | None, str | None]:
    """A measured name's term, depth and undertone: "deep warm beige"."""
    if any(term.name == name for term in shade_terms()):
        return name, None, None
    match = re.fullmatch(rf"{MODIFIERS}(.+)", name)
    assert match is not None
    return match[3], match[1], match[2]


def _modified(term: str, depth: str | None, undertone: str | None) -> str:
    return " ".join(word for word in (depth, undertone, term) if word)


def _claim(written: str) -> Claim:
    """One claim of the hand-written captions; their file tells how they are written."""
    denied = written.startswith("not ")
    head, _, words = written.removeprefix("not ").partition(" = ")
    head, _, scope = head.partition(" @")
    kind, _, term = head.partition(" ")
    scope = scope or ("packaging" if kind == "packaging" else "material")
    return kind, "" if kind in FORBIDDEN else term.lower(), scope, denied, (words or term).lower()


def _as_claim(mention: Mention) -> Claim:
    term = "" if mention.kind in FORBIDDEN else mention.term
    return mention.kind, term, mention.scope, mention.negated, mention.text.lower()


def _row(name: str, pairs: Sequence[tuple[Iterable[Any], Iterable[Any]]]) -> str:
    """A line of the table from the claims that each caption makes and those that were found in it."""
    hits, found, made = [], [], []
    for true, parsed in pairs:
        one, other = Counter(true), Counter(parsed)
        hits.append((one & other).total())
        found.append(other.total())
        made.append(one.total())
    right, said, all_said = (np.array(column, dtype=np.float64) for column in (hits, found, made))
    precision, recall = pooled(right, said), pooled(right, all_said)
    return f"| {name} | {len(pairs)} | {sum(made)} | {_percent(precision)} | {_percent(recall)} |"


def _percent(figure: Estimate) -> str:
    if figure.value is None:
        return "–"
    low, high = figure.low, figure.high
    interval = f" ({low:.2%}–{high:.2%})" if low is not None and high is not None else ""
    return f"{figure.value:.2%}{interval}"


def rows(folder: Path) -> list[dict[str, Any]]:
    """The truth of the renders in the Parquet shards of a folder. Raises DataMissing when there is none."""
    return list(table([folder], COLUMNS))


def main(data: Annotated[Path, typer.Option(help="Folder of Parquet shards.")] = SAMPLE) -> None:
    """Precision and recall of the claims found in captions, with 95% bootstrap intervals over the captions."""
    try:
        renders = rows(data)
    except DataMissing as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    typer.echo("| Captions | n | Claims | Precision | Recall |\n|---|---|---|---|---|")
    for length in ("short", "normal", "detailed"):
        captions = [(spoken(row, row[f"caption_{length}"]), heard(row[f"caption_{length}"])) for row in renders]
        typer.echo(_row(f"of renders, {length}", captions))
    typer.echo(_row("hand-written", [(claims, claims_of(text)) for text, claims in hand_written()]))


if __name__ == "__main__":
    typer.run(main)
