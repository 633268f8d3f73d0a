"""Renders the dataset: python -m data.render --count 100 --out renders [--seed 0] [--size 256] [--workers 2]

Image k of a seed depends on (seed, k) alone, so any number of workers gives the same pictures. Finished shards are
kept, so an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import io
import multiprocessing
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from PIL import Image
from pyarrow import ArrowInvalid, parquet
from tqdm import tqdm

from beauty_vlm.colour import srgb_to_lab
from beauty_vlm.measurement import shade as measurement
from beauty_vlm.measurement.regions import SPECK
from data.appearance import appearance
from data.caption import captions
from data.draw import Draw
from data.photograph import jpeg, photograph
from data.product import Product
from data.products import catalogue, free_makers
from data.scene import RenderError, compose, renderer, trace

SHARD = 250  # images; about 5 MB at 256 px
NAMED = re.compile(r"seed\d+-(\d{6})-(\d{6})\.parquet")  # as `render` calls a shard
SAMPLES = 8  # a pixel; what noise is left Open Image Denoise takes
ATTEMPTS = 5  # new draws when a product came out empty or out of view


def example(seed: int, index: int, size: int) -> dict[str, Any]:
    """One row of the dataset (columns: see data/README.md), a pure function of its arguments.

    Raises:
        RenderError: no attempt gave a picture, or no renderer runs here.
    """
    # Weighted types, each of weighted makers; some makers choose their types themselves.
    groups = [*catalogue().values(), (sum(free_makers().values()), free_makers())]
    for attempt in range(ATTEMPTS):
        draw = Draw((seed, index, attempt))
        makers = groups[draw.weighted({number: weight for number, (weight, _) in enumerate(groups)})][1]
        product = draw.weighted(makers)(draw)
        row = _row(draw, product, size, seed + index)
        if row is not None:
            return {"id": f"{seed}-{index:06d}", **row}
    raise RenderError(f"Image {index} of seed {seed} stayed empty after {ATTEMPTS} attempts.")


def _row(draw: Draw, product: Product, size: int, seed: int) -> dict[str, Any] | None:
    scene = compose(draw, product)
    product = scene.product  # of which there may now be several, or a smear beside it
    photo = photograph(draw, scene, trace(scene, size, SAMPLES, seed))
    if product.product_type != "other" and not photo.regions.any():
        return None
    data = jpeg(draw, photo.image)
    seen = np.asarray(Image.open(io.BytesIO(data)))
    # The light is known to be fair, and the mask exact: of so little material, too, a person sees the colour.
    shade = measurement.measure(Image.fromarray(seen), photo.regions, any_light=True, least=SPECK)
    text = captions(draw, product, shade, photo.background)
    visible = shade.main is not None
    masks = io.BytesIO()
    Image.fromarray(photo.regions).save(masks, "PNG")
    package = product.package.name.split() if product.package is not None else []
    return {
        "image": {"bytes": data, "path": None},
        "regions": {"bytes": masks.getvalue(), "path": None},
        "product_type": product.product_type,
        "product_types": list(product.contains or (product.product_type,)),
        "finish": (product.finish or "") if visible else "",
        "shade_visible": visible,
        "shade_name": shade.main.name if shade.main else "",
        "shade_names": list(dict.fromkeys(swatch.name for swatch in shade.palette)) if visible else [],
        "albedo_srgb": [float(v) for v in product.shades[0]] if visible and product.shades else None,
        "albedo_lab": [float(v) for v in srgb_to_lab(product.shades[0])] if visible and product.shades else None,
        "appearance_lab": appearance(Image.fromarray(seen), photo.regions).tolist() if visible else None,
        "packaging": package[-1] if package else "",
        "packaging_colour": " ".join(package[:-1]),
        "count": product.count,
        "layout": product.layout,
        "background": photo.background,
        "caption_short": text.short,
        "caption_normal": text.normal,
        "caption_detailed": text.detailed,
    }


def _shard(task: tuple[Path, int, int, int, int]) -> int:
    """Renders images [first, last) into one Parquet file; returns how many failed."""
    from datasets import Dataset, Features, List, Value, disable_progress_bars
    from datasets import Image as ImageFeature

    disable_progress_bars()
    path, seed, first, last, size = task
    rows, failed = [], 0
    for index in range(first, last):
        try:
            rows.append(example(seed, index, size))
        except RenderError:
            failed += 1
    text = (
        "id",
        "product_type",
        "finish",
        "shade_name",
        "packaging",
        "packaging_colour",
        "layout",
        "background",
    )
    features = Features(
        {
            "image": ImageFeature(),
            "regions": ImageFeature(),
            **{name: Value("string") for name in (*text, "caption_short", "caption_normal", "caption_detailed")},
            **{name: List(Value("float32")) for name in ("albedo_srgb", "albedo_lab", "appearance_lab")},
            **{name: List(Value("string")) for name in ("product_types", "shade_names")},
            "shade_visible": Value("bool"),
            "count": Value("int32"),
        }
    )
    partial = path.with_suffix(".partial")
    Dataset.from_list(rows, features=features).to_parquet(str(partial))
    partial.rename(path)
    return failed


def render(
    count: int,
    out: Path,
    seed: int = 0,
    size: int = 256,
    workers: int = 2,
    log: Callable[[str], None] = print,
) -> None:
    """Renders `count` images into Parquet shards in `out`, skipping shards that are there."""
    out.mkdir(parents=True, exist_ok=True)
    _check_ranges(count, out, seed, size)
    tasks = []
    for first in range(0, count, SHARD):
        last = min(first + SHARD, count)
        path = out / f"seed{seed}-{first:06d}-{last:06d}.parquet"
        if not path.exists():
            tasks.append((path, seed, first, last, size))
    total, failed, started = sum(t[3] - t[2] for t in tasks), 0, time.perf_counter()
    with tqdm(total=total, unit="image") as bar:
        for task, missing in _run(tasks, workers):
            failed += missing
            bar.update(task[3] - task[2])
    if not tasks:
        log("All shards are there already.")
    else:
        log(f"{total - failed} images in {time.perf_counter() - started:.0f} s, {failed} failed")


def _check_ranges(count: int, out: Path, seed: int, size: int) -> None:
    """Raises RenderError where `out` holds a shard of this seed that another count cut, whose images would come twice,
    one of another `size`, or a damaged one.
    """
    ranges = {(first, min(first + SHARD, count)) for first in range(0, count, SHARD)}
    for path in out.glob(f"seed{seed}-*.parquet"):
        name = NAMED.fullmatch(path.name)
        if name is None:
            continue
        begin, end = int(name[1]), int(name[2])
        if (begin, end) in ranges and (there := _side(path)) not in (size, None):
            raise RenderError(f"{path} is of --size {there}: remove it, or render into another folder.")
        if (begin, end) not in ranges and any(first < end and begin < last for first, last in ranges):
            raise RenderError(f"{path} is of another --count: remove it, or render with another --seed.")


def _side(path: Path) -> int | None:
    """The side in pixels of a shard's first picture; None of an empty one."""
    try:
        for batch in parquet.ParquetFile(path).iter_batches(batch_size=1, columns=["image"]):
            return Image.open(io.BytesIO(batch.to_pylist()[0]["image"]["bytes"])).width
    except ArrowInvalid as error:
        raise RenderError(f"{path} is damaged: remove it.") from error
    return None


def _run(tasks: list[Any], workers: int) -> Iterator[tuple[Any, int]]:
    if workers <= 1:
        for task in tasks:
            yield task, _shard(task)
        return
    # Spawned, since the renderer's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, max_tasks_per_child=4) as pool:
        yield from zip(tasks, pool.map(_shard, tasks), strict=True)


def main(
    count: Annotated[int, typer.Option(min=1, help="How many images.")],
    out: Annotated[Path, typer.Option(help="Folder for the Parquet shards.")],
    seed: Annotated[int, typer.Option()] = 0,
    size: Annotated[int, typer.Option(min=64, max=1024, help="Side in pixels.")] = 256,
    workers: Annotated[int, typer.Option(min=1, help="Processes, one thread each.")] = 2,
) -> None:
    """Renders cosmetics with known shade, finish, masks and captions."""
    try:
        renderer()  # where there is none, every image would fail
        render(count, out, seed, size, workers)
    except RenderError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    except BrokenProcessPool as error:
        told = "A worker was killed, perhaps for want of memory: the same command goes on, --workers 1 needs less."
        typer.echo(told, err=True)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    typer.run(main)
