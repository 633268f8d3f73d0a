"""The command line: `python -m beauty_vlm describe|catalog|evaluate|benchmark`.

Models and torch are imported inside the commands, so that --help is quick. Exit codes: 0 done, 1 a photo
given to `describe` failed, 2 nothing could be done (wrong arguments, a model that cannot be loaded, a file
that cannot be written).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from beauty_vlm import __version__, heap
from beauty_vlm.listing import as_text
from beauty_vlm.options import (
    AdapterModeOption,
    AdapterOption,
    BrandOption,
    CaptionerOption,
    DeviceOption,
    IngredientsOption,
    LengthOption,
    NoteOption,
    QuantizeOption,
    ShadeNameOption,
    TaggerOption,
)
from beauty_vlm.report import Length, Report

if TYPE_CHECKING:
    from beauty_vlm.catalog import Describer
    from beauty_vlm.writing.notes import Given

DISTRIBUTION = "beauty-vlm"
FAILED, NOTHING_DONE, STOPPED = 1, 2, 130
PROFILE_SETTINGS = ("captioner", "adapter", "tagger", "device", "quantize", "adapter_mode")

app = typer.Typer(
    help="Describe photos of beauty products truthfully.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Run the command line."""
    # A file name that is no UTF-8 must not stop the printing, and what is piped into a file is UTF-8 everywhere.
    sys.stderr.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    encoding = None if sys.stdout.isatty() else "utf-8"
    sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")  # type: ignore[union-attr]
    heap.keep()
    app()


def build_analyzer(**chosen: str | None) -> Describer:
    """The analyzer on the environment's settings, with those of `chosen` that are not None in their place."""
    from beauty_vlm.analysis import Analyzer
    from beauty_vlm.models.loader import Loader, Settings

    given = {name: value for name, value in chosen.items() if value is not None}
    return Analyzer(Loader(replace(Settings.from_environment(), **given)))


@dataclass(frozen=True, slots=True)
class _Noting:
    """Describes each photo with the same notes."""

    analyzer: Any  # as `beauty_vlm.analysis.Analyzer`
    notes: Given

    def describe(self, source: Path, length: Length = "normal", name: str | None = None) -> Report:
        report: Report = self.analyzer.describe(source, length=length, name=name, notes=self.notes)
        return report


def _noting(analyzer: Describer, **given: str | None) -> Describer:
    """The analyzer, told of every photo what is `given`; itself when that is nothing. Raises NoteError."""
    from beauty_vlm.writing.notes import read

    return _Noting(analyzer, given) if read(given) else analyzer


@contextmanager
def _plain_errors() -> Iterator[None]:
    """What ends a whole run becomes one sentence on stderr and exit code 2."""
    from beauty_vlm.catalog import CatalogError
    from beauty_vlm.evaluation.truths import EvaluationError
    from beauty_vlm.models.loader import ModelUnavailable
    from beauty_vlm.writing.notes import NoteError

    try:
        yield
    except (ModelUnavailable, CatalogError, EvaluationError, NoteError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(NOTHING_DONE) from error
    except BrokenPipeError:  # the reader of our output left; click ends quietly
        raise
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        typer.echo(f"{what}{error.strerror or error}.", err=True)
        raise typer.Exit(NOTHING_DONE) from error


def _print_version(wanted: bool) -> None:
    if not wanted:
        return
    typer.echo(f"{DISTRIBUTION} {__version__}")
    raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def describe(
    photos: Annotated[list[Path], typer.Argument(metavar="PHOTO…", help="One photo or several.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON: one object for one photo, an array for several.")
    ] = False,
    length: LengthOption = "normal",
    brand: BrandOption = None,
    shade_name: ShadeNameOption = None,
    ingredients: IngredientsOption = None,
    note: NoteOption = None,
    captioner: CaptionerOption = None,
    adapter: AdapterOption = None,
    tagger: TaggerOption = None,
    device: DeviceOption = None,
    quantize: QuantizeOption = None,
    adapter_mode: AdapterModeOption = None,
) -> None:
    """Describe photos: the text, the product type, the measured shade and the finish.

    A photo that fails is named on stderr, and the exit code is then 1; the others are still described.
    """
    with _plain_errors():
        from beauty_vlm.catalog import describe_one

        analyzer = build_analyzer(
            captioner=captioner, adapter=adapter, tagger=tagger, device=device, quantize=quantize,
            adapter_mode=adapter_mode,
        )  # fmt: skip
        analyzer = _noting(analyzer, brand=brand, shade=shade_name, ingredients=ingredients, other=note)
        reports = []
        for photo in photos:
            report = describe_one(analyzer, photo, length, str(photo))
            reports.append(report)
            if report.status != "ok":
                typer.echo(report.error, err=True)
            elif not as_json:
                typer.echo(as_text(report))
        if as_json:
            records = [report.to_dict() for report in reports]
            shown = records[0] if len(records) == 1 else records
            typer.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    if any(report.status != "ok" for report in reports):
        raise typer.Exit(FAILED)


@app.command()
def catalog(
    folder: Annotated[Path, typer.Argument(help="Searched with all its subfolders.")],
    out: Annotated[Path, typer.Option("--out", help="The JSON Lines file to write.")],
    length: LengthOption = "normal",
    resume: Annotated[bool, typer.Option("--resume", help="Keep what --out has by name, do the others.")] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace --out.")] = False,
    brand: BrandOption = None,
    shade_name: ShadeNameOption = None,
    ingredients: IngredientsOption = None,
    note: NoteOption = None,
    captioner: CaptionerOption = None,
    adapter: AdapterOption = None,
    tagger: TaggerOption = None,
    device: DeviceOption = None,
    quantize: QuantizeOption = None,
    adapter_mode: AdapterModeOption = None,
) -> None:
    """Describe every photo in a folder into a JSON Lines file, one record a photo.

    A photo that fails gets a record with its status and the reason, and the run goes on.
    """
    if resume and overwrite:
        raise typer.BadParameter("--resume and --overwrite exclude each other.")
    with _plain_errors():
        from beauty_vlm.catalog import run

        analyzer = build_analyzer(
            captioner=captioner, adapter=adapter, tagger=tagger, device=device, quantize=quantize,
            adapter_mode=adapter_mode,
        )  # fmt: skip
        analyzer = _noting(analyzer, brand=brand, shade=shade_name, ingredients=ingredients, other=note)
        try:
            summary = run(folder, out, analyzer, length, resume=resume, overwrite=overwrite)
        except KeyboardInterrupt:
            typer.echo(f"Stopped. What was described is in {out}; --resume goes on.", err=True)
            raise typer.Exit(STOPPED) from None
    counts = ", ".join(f"{count} {status}" for status, count in sorted(summary.by_status.items()))
    kept = f"; {summary.kept} kept" if summary.kept else ""
    skipped = f"; {summary.skipped} other files skipped" if summary.skipped else ""
    typer.echo(f"{counts or 'nothing to do'}{kept}{skipped} -> {out}", err=True)


@app.command()
def evaluate(
    folder: Annotated[Path, typer.Argument(help="metadata.jsonl with photos, or a subfolder a product type.")],
    out: Annotated[Path | None, typer.Option("--out", help="Also write the Markdown report here.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")] = False,
    limit: Annotated[
        int | None, typer.Option("--limit", min=1, help="At most so many photos, spread over the list.")
    ] = None,
    predictions: Annotated[
        Path | None,
        typer.Option("--predictions", help="Write each photo's outcome by the first profile here, as JSON Lines."),
    ] = None,
    plots: Annotated[
        Path | None,
        typer.Option(
            "--plots", help="Draw confusion and reliability into this folder, of several profiles into one each."
        ),
    ] = None,
    also: Annotated[
        list[str] | None,
        typer.Option("--also", metavar="NAME=VALUE,…", help="Another profile beside it: captioner=…,tagger=…"),
    ] = None,
    length: LengthOption = "normal",
    captioner: CaptionerOption = None,
    adapter: AdapterOption = None,
    tagger: TaggerOption = None,
    device: DeviceOption = None,
    quantize: QuantizeOption = None,
    adapter_mode: AdapterModeOption = None,
) -> None:
    """Measure on labelled photos: type, calibration, shade, finish and claims, each with a 95% interval."""
    with _plain_errors():
        from beauty_vlm.evaluation import references, scorecard
        from beauty_vlm.evaluation.runner import evaluate as measure
        from beauty_vlm.models.loader import ModelUnavailable

        chosen: dict[str, str | None] = {
            "captioner": captioner, "adapter": adapter, "tagger": tagger, "device": device, "quantize": quantize,
            "adapter_mode": adapter_mode,
        }  # fmt: skip
        named = ", ".join(f"{name}={value}" for name, value in chosen.items() if value is not None)
        profiles = {named or "embedded": chosen} | {text: {**chosen, **_profile(text)} for text in also or ()}
        results, missing = {}, None
        for number, (name, profile) in enumerate(profiles.items()):
            written = predictions if number == 0 else None
            try:
                analyzer = build_analyzer(**profile)
                similarity = getattr(analyzer, "clip_score", None)
                results[name] = measure(folder, analyzer, limit, written, length=length, similarity=similarity)
            except ModelUnavailable as error:
                if not results:
                    raise
                missing = error  # what is measured already is told first
                break
        told = {name: result.to_dict() for name, result in results.items()}
        only = next(iter(told.values())) if len(told) == 1 else told
        typer.echo(json.dumps(only, indent=2) if as_json else scorecard.to_markdown(results))
        if out:
            out.write_text(scorecard.to_markdown(results), encoding="utf-8")
        if missing is not None:
            raise missing
        if any(result.clip_score.n for result in results.values()) and not references.available():
            typer.echo("BLEU and CIDEr need pycocoevalcap: pip install -r requirements-train.txt.", err=True)
        if plots:
            try:
                for number, result in enumerate(results.values(), start=1):
                    place = plots if len(results) == 1 else plots / f"profile-{number}"
                    if not scorecard.plots(result, place):
                        typer.echo("Nothing to plot: no photo's product type is labelled.", err=True)
            except ImportError as error:
                typer.echo("Plots need matplotlib: pip install -r requirements-train.txt.", err=True)
                raise typer.Exit(NOTHING_DONE) from error


@app.command()
def benchmark(
    profile: Annotated[
        str, typer.Option("--profile", help="embedded, blip-base, blip-large, clip-vit-base-patch32, all, or a folder.")
    ] = "embedded",
    random_weights: Annotated[
        bool, typer.Option("--random-weights", help="Published geometries with random weights: no hub is needed.")
    ] = False,
    quick: Annotated[bool, typer.Option("--quick", help="Less of everything, in about a minute.")] = False,
    with_app: Annotated[bool, typer.Option("--app", help="Also time the start of the web app.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of Markdown.")] = False,
    device: DeviceOption = None,
    quantize: QuantizeOption = None,
) -> None:
    """Measure speed and memory against plain transformers, and against the floor that this machine sets."""
    with _plain_errors():
        from beauty_vlm.benchmark import page, run
        from beauty_vlm.models.loader import ModelUnavailable, Settings

        given = {name: value for name, value in (("device", device), ("quantize", quantize)) if value is not None}
        settings = replace(Settings.from_environment(), **given)
        profiles = run.PROFILES if profile == "all" else (profile,)
        found = run.benchmark(settings, run.Options(profiles, random_weights, quick, with_app))
        typer.echo(json.dumps(found, indent=2) if as_json else page.to_markdown(found))
        if "missing" in found:
            raise ModelUnavailable(found["missing"])


def _profile(text: str) -> dict[str, str]:
    """`captioner=blip-base,tagger=folder` as settings."""
    pairs = [pair.partition("=") for pair in text.split(",")]
    if any(name.strip() not in PROFILE_SETTINGS or not value for name, _, value in pairs):
        raise typer.BadParameter(f"{text!r} is no list of {', '.join(PROFILE_SETTINGS)}, each with =VALUE.")
    return {name.strip(): value.strip() for name, _, value in pairs}
