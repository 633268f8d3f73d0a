"""How true the measured shades are, on renders whose truth is known, as a Markdown table.

    python -m data.check_shades [--data DIR] [--count N] [--held-out] [--photos FOLDER] [--fit]

Regions are the embedded segmenter's, as in the app. "Appearance" is what the picture shows (`data.appearance`), by the
exact mask; "albedo" is the material's own colour. Each render is also relit by a coloured light, to see whether the
light is found, and made grey, sepia, duotone and gel-lit, to see whether its shade is then called unjudged. With
`--photos`, an ImageFolder with labels, errors and coverage are counted there too. `--fit` fits the coefficients of
`beauty_vlm.measurement.shade`'s uncertainty: those of a linear quantile regression (Koenker and Bassett, Econometrica
46 (1978) 33-50) of the error at 68%, none below zero.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image
from scipy.optimize import linprog
from tqdm import tqdm

from beauty_vlm.colour import Array, ciede2000, hex_to_lab
from beauty_vlm.evaluation.metrics import Estimate, estimate
from beauty_vlm.evaluation.runner import CLOSE, NEAR
from beauty_vlm.evaluation.truths import EvaluationError, read_truths, spread
from beauty_vlm.intake import IntakeError, load_image
from beauty_vlm.measurement import light
from beauty_vlm.measurement.regions import MATERIAL, MIN_MATERIAL
from beauty_vlm.measurement.shade import Photo, doubts, measure, measure_region
from beauty_vlm.models.loader import Loader, ModelUnavailable
from beauty_vlm.report import Shade
from beauty_vlm.vocabulary import MANY_SHADES
from data.appearance import appearance
from data.shards import DataMissing, part_of, table

SAMPLE = Path(__file__).parent / "sample"
WITHIN = 0.68  # of a normal distribution, one standard deviation
LIGHT_SPREAD = 0.12  # of each channel's gain, as the renderer's coloured spill (data/studio.py)
LUMA = np.array([0.2126, 0.7152, 0.0722])  # Rec. 709
SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])  # W3C Filter Effects, sepia()
DUOTONES = (((20, 20, 90), (255, 230, 120)), ((60, 0, 60), (255, 190, 200)), ((0, 40, 40), (200, 255, 240)))
GELS = ((1.0, 0.18, 0.15), (0.15, 0.25, 1.0), (1.0, 0.2, 0.8), (0.2, 1.0, 0.3))  # linear gains
MANIPULATIONS = ("grey", "sepia", "duotone", "gel")
SEED = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture with its truth; `appearance` and `albedo` are CIELAB (3,), the latter None for photos."""

    image: Image.Image
    regions: np.ndarray
    appearance: Array
    albedo: Array | None
    number: int
    single: bool  # the product has one shade


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured of one picture, as it is and relit; `called` holds the manipulations called unjudged, `doubts`
    are those of `beauty_vlm.measurement.shade`.
    """

    picture: Picture
    shade: Shade
    doubts: tuple[float, float] = (0.0, 0.0)
    relit: Shade | None = None
    called: tuple[str, ...] = ()


def encoded(linear: Array) -> Array:
    """sRGB values 0..255 of linear light."""
    curve = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * np.clip(linear, 1e-9, 1.0) ** (1 / 2.4) - 0.055)
    return np.asarray(np.clip(curve, 0.0, 1.0) * 255.0)


def under(image: Image.Image, gains: tuple[float, ...] | Array) -> Image.Image:
    """An RGB image as a coloured light would show it: linear light times the gains of the three channels."""
    values = np.asarray(image) / 255.0
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return _coded(encoded(linear * np.asarray(gains)))


def manipulated(image: Image.Image, kind: str, number: int = 0) -> Image.Image:
    """An RGB image made "grey", "sepia", "duotone" or "gel" (one of several, by `number`)."""
    values = np.asarray(image, dtype=np.float64)
    grey = (values @ LUMA)[..., None]
    if kind == "grey":
        return _coded(np.repeat(grey, 3, axis=2))
    if kind == "sepia":
        return _coded(values @ SEPIA.T)
    if kind == "duotone":
        dark, bright = (np.array(colour) for colour in DUOTONES[number % len(DUOTONES)])
        return _coded(dark + (bright - dark) * grey / 255.0)
    return under(image, GELS[number % len(GELS)])


def examined(picture: Picture) -> Result:
    """The picture measured, relit and manipulated."""
    dice = np.random.default_rng((SEED, picture.number))
    gains = np.clip(1 + dice.normal(0, LIGHT_SPREAD, 3), 0.7, 1.3)
    called = []
    for kind in MANIPULATIONS:
        grid = light.read(manipulated(picture.image, kind, picture.number), picture.regions)
        if light.unjudged(grid) is not None:
            called.append(kind)
    relit = measure(under(picture.image, gains), picture.regions)
    return replace(measured(picture), relit=relit, called=tuple(called))


def measured(picture: Picture) -> Result:
    """The picture measured as it is."""
    photo = Photo(picture.image, picture.regions)
    return Result(picture, measure_region(photo), doubts(photo))


def to_markdown(results: list[Result], name: str = "renders") -> str:
    """The tables of these results."""
    judged = [r for r in results if r.shade.main is not None]
    own = [r for r in judged if r.picture.albedo is not None]
    lines = [f"| CIEDE2000 of the main shade | {name} | median | mean | within {CLOSE:g} | within {NEAR:g} |"]
    lines += ["|---|---|---|---|---|---|"]
    lines.append(_row("as seen, against appearance", judged, "shade", "main", "appearance"))
    lines.append(_row("the same, products of one shade", _single(judged), "shade", "main", "appearance"))
    if own:
        lines.append(_row("as seen, against albedo", own, "shade", "main", "albedo"))
        mended = [r for r in own if r.shade.corrected]
        lines.append(_row("those corrected: as seen, against albedo", mended, "shade", "main", "albedo"))
        lines.append(_row("those corrected: corrected, against albedo", mended, "shade", "corrected", "albedo"))
        relit = [r for r in own if r.relit and r.relit.main]
        found = [r for r in relit if r.relit and r.relit.corrected]
        lines.append(_row("relit: as seen, against albedo", relit, "relit", "main", "albedo"))
        lines.append(_row("relit and corrected: as seen, against albedo", found, "relit", "main", "albedo"))
        lines.append(_row("relit and corrected: corrected, against albedo", found, "relit", "corrected", "albedo"))
        lines.append(_row("relit and corrected: as seen, unrelit appearance", found, "relit", "main", "appearance"))
        lines.append(_row("relit and corrected: corrected, the same", found, "relit", "corrected", "appearance"))
    lines += ["", f"| | {name} | share |", "|---|---|---|"]
    for factor in (1.0, 2.0):
        inside = [_error(r, "shade", "main", "appearance") <= factor * _uncertainty(r) for r in judged]
        lines.append(_share(f"error within {factor:g} times the uncertainty", inside))
    lines.append(_share("called unjudged as it is", [r.shade.unjudged is not None for r in results]))
    lines.append(_share("light told", [r.shade.light is not None for r in judged]))
    if own:
        for kind in MANIPULATIONS:
            lines.append(_share(f"called unjudged when made {kind}", [kind in r.called for r in results]))
    return "\n".join(lines)


def fitted(results: Iterable[Result]) -> tuple[float, float]:
    """DISAGREE and SMALL of `beauty_vlm.measurement.shade` from these results of products of one shade. Raises
    ValueError where there are none.
    """
    rows = [r for r in _single(list(results)) if r.shade.main is not None]
    if not rows:
        raise ValueError("There is no product of one shade whose material is found: nothing to fit to.")
    features = np.array([r.doubts for r in rows])
    errors = np.array([_error(r, "shade", "main", "appearance") for r in rows])
    count, width = features.shape
    costs = np.concatenate([np.zeros(width), np.full(count, WITHIN), np.full(count, 1 - WITHIN)])
    system = np.hstack([features, np.eye(count), -np.eye(count)])
    solved = linprog(costs, A_eq=system, b_eq=errors, method="highs")
    disagree, small = (float(value) for value in solved.x[:width])
    return disagree, small


def _single(results: list[Result]) -> list[Result]:
    return [result for result in results if result.picture.single]


def _error(result: Result, shade: str, which: str, truth: str) -> float:
    swatch = getattr(getattr(result, shade), which)
    return float(ciede2000(swatch.lab, getattr(result.picture, truth)))


def _uncertainty(result: Result) -> float:
    main = result.shade.main
    return main.uncertainty if main is not None and main.uncertainty is not None else 0.0


def _row(name: str, results: list[Result], shade: str, which: str, truth: str) -> str:
    errors = np.array([_error(result, shade, which, truth) for result in results])
    figures = [estimate(np.median, errors), estimate(np.mean, errors)]
    shares = [estimate(np.mean, (errors <= limit).astype(float)) for limit in (CLOSE, NEAR)]
    cells = [_figure(figure, 1.0, "") for figure in figures] + [_figure(share, 100.0, "%") for share in shares]
    return f"| {name} | {len(errors)} | {' | '.join(cells)} |"


def _share(name: str, values: list[bool]) -> str:
    return f"| {name} | {len(values)} | {_figure(estimate(np.mean, np.array(values, float)), 100.0, '%')} |"


def _figure(figure: Estimate, scale: float, unit: str) -> str:
    if figure.value is None:
        return "-"
    digits = 1 if unit else 2
    value = f"{figure.value * scale:.{digits}f}{unit}"
    if figure.low is None or figure.high is None:
        return value
    return f"{value} ({figure.low * scale:.{digits}f} to {figure.high * scale:.{digits}f})"


def _renders(data: Path, count: int | None, held_out: bool) -> Iterator[Picture]:
    """Renders that show a shade. Raises DataMissing where there are no shards."""
    renders = table([data], decode=True)
    rows = [number for number, visible in enumerate(renders["shade_visible"]) if visible]
    if held_out:
        names = renders["id"]
        rows = [number for number in rows if part_of(names[number]) == "validation"]
    segmenter = Loader().segmenter()
    for number in tqdm(rows[:count], unit="render"):
        row: dict[str, Any] = renders[number]
        image = row["image"].convert("RGB")
        regions = segmenter.regions(image)
        truths = (appearance(image, np.asarray(row["regions"].convert("L"))), np.array(row["albedo_lab"]))
        single = row["product_type"] not in MANY_SHADES
        if (regions == MATERIAL).mean() >= MIN_MATERIAL:
            yield Picture(image, regions, *truths, number, single)


def _photos(folder: Path, count: int | None) -> Iterator[Picture]:
    """Photos with a labelled shade whose material is found. Raises EvaluationError."""
    labelled = [truth for truth in read_truths(folder) if truth.shade_hex]
    segmenter = Loader().segmenter()
    for number, truth in enumerate(tqdm(spread(labelled, count), unit="photo")):
        try:
            image = load_image(folder / truth.file, name=truth.file)
        except IntakeError as error:
            typer.echo(f"Left out: {error}", err=True)
            continue
        regions = segmenter.regions(image)
        if (regions == MATERIAL).mean() >= MIN_MATERIAL:
            single = truth.product_type not in MANY_SHADES
            yield Picture(image, regions, hex_to_lab(truth.shade_hex or ""), None, number, single)


def _lean(result: Result) -> Result:
    """Without the pixels, which thousands of renders would fill the memory with."""
    return replace(result, picture=replace(result.picture, image=Image.new("RGB", (1, 1))))


def _coded(values: Array) -> Image.Image:
    """As JPEG, as such photos come."""
    buffer = io.BytesIO()
    Image.fromarray(np.clip(np.rint(values), 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=90)
    return Image.open(buffer).convert("RGB")


def main(
    data: Annotated[Path, typer.Option(help="Folder of Parquet shards.")] = SAMPLE,
    count: Annotated[int | None, typer.Option(min=2, help="Only so many pictures.")] = None,
    held_out: Annotated[bool, typer.Option("--held-out", help="Only renders that trainings leave out.")] = False,
    photos: Annotated[Path | None, typer.Option(help="Also count on this ImageFolder of labelled photos.")] = None,
    fit: Annotated[bool, typer.Option("--fit", help="Print fitted coefficients of the uncertainty instead.")] = False,
) -> None:
    """Errors of the measured shade, of its correction and of its uncertainty."""
    try:
        if fit:
            results = (_lean(measured(picture)) for picture in _renders(data, count, held_out))
            print("DISAGREE, SMALL = {:.2f}, {:.2f}".format(*fitted(results)))
            return
        print(to_markdown([_lean(examined(picture)) for picture in _renders(data, count, held_out)]))
        if photos:
            print("\n" + to_markdown([_lean(measured(picture)) for picture in _photos(photos, count)], "photos"))
    except (DataMissing, EvaluationError, ModelUnavailable, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    typer.run(main)
