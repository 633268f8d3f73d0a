"""The renderer against truths that are known without it. Skips where Mitsuba or LLVM is missing."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from PIL import Image
from pyarrow import parquet

from beauty_vlm.colour import ciede2000, srgb_to_lab
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING
from beauty_vlm.vocabulary import product_types

pytest.importorskip("mitsuba", reason="rendering needs requirements-train.txt")
pytest.importorskip("mitsuba_oidn", reason="rendering needs requirements-train.txt")

from data.caption import article, captions
from data.draw import Draw
from data.film import smear
from data.material import Material, clear, flat, plain
from data.mesh import box, cut, cylinder, joined, lathe
from data.photograph import encode
from data.product import Part, Product, placed
from data.products import catalogue
from data.render import example, render
from data.scene import Camera, RenderError, Scene, renderer, trace
from data.studio import COLUMNS, ROWS, Light

SIZE = 48


@pytest.fixture(scope="module", autouse=True)
def _renderer() -> None:
    try:
        renderer()
    except RenderError as error:
        pytest.skip(str(error))


def ball(radius: float = 1.0) -> Part:
    angle = np.linspace(-np.pi / 2, np.pi / 2, 24)
    mesh = lathe([(radius * np.cos(a), radius * np.sin(a)) for a in angle], crease=180)
    return Part(mesh, plain((0.7, 0.3, 0.25), 0.95, specular=0.0, region=MATERIAL))


def scene(*parts: Part) -> Scene:
    """The parts in an even white furnace, seen from the front."""
    light = Light(np.ones((ROWS, COLUMNS, 3)), None)
    camera = Camera(np.array([0.0, 0.0, 8.0]), np.zeros(3), 25.0)
    return Scene(Product("lipstick", parts), parts, light, camera, None, 1.0)


def test_a_matte_ball_under_white_light_shows_its_albedo() -> None:
    traced = trace(scene(ball()), SIZE, 64, 0)
    shown = encode(traced.radiance)[traced.regions == MATERIAL]
    difference = ciede2000(srgb_to_lab(np.median(shown, axis=0)), srgb_to_lab(np.array([0.7, 0.3, 0.25])))
    # A furnace leaves only Fresnel and the model's own sheen between albedo and picture.
    assert float(difference) < 3.0


def test_masks_cover_what_was_placed() -> None:
    traced = trace(scene(ball()), SIZE, 4, 0)
    # A unit ball 8 away under a lens of 25 degrees: its outline's radius in pixels.
    radius = np.tan(np.arcsin(1 / 8)) / np.tan(np.radians(12.5)) * SIZE / 2
    assert (traced.regions == MATERIAL).sum() == pytest.approx(np.pi * radius**2, rel=0.03)
    assert traced.regions[0, 0] == BACKGROUND
    assert traced.coverage[SIZE // 2, SIZE // 2] == pytest.approx(1.0)


def test_what_lies_behind_clear_walls_is_the_material() -> None:
    shell = Part(cylinder(1.4, 2.8).moved(y=-1.4), clear(Draw(0)))
    inside = trace(scene(shell, ball(0.8)), SIZE, 4, 0).regions
    empty = trace(scene(shell), SIZE, 4, 0).regions
    assert inside[SIZE // 2, SIZE // 2] == MATERIAL
    assert empty[SIZE // 2, SIZE // 2] == PACKAGING
    assert (inside == PACKAGING).any()


def test_a_broken_mesh_is_refused_with_a_sentence() -> None:
    part = ball()
    vertices = part.mesh.vertices.copy()
    vertices[0] = np.nan
    with pytest.raises(RenderError, match="empty or infinite"):
        trace(scene(replace(part, mesh=replace(part.mesh, vertices=vertices))), SIZE, 1, 0)


def test_one_seed_gives_one_picture() -> None:
    first, second, other = example(7, 3, 64), example(7, 3, 64), example(8, 3, 64)
    assert first == second
    assert first["image"]["bytes"] != other["image"]["bytes"]


def test_workers_do_not_change_the_pictures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    monkeypatch.setattr("data.render.SHARD", 2)
    rows = {}
    for workers in (1, 2):
        out = tmp_path / str(workers)
        render(4, out, seed=5, size=64, workers=workers, log=lambda _: None)
        files = [str(f) for f in sorted(out.glob("*.parquet"))]
        table = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
        table = table.cast_column("image", datasets.Image(decode=False)).cast_column(
            "regions", datasets.Image(decode=False)
        )
        rows[workers] = table.to_list()
    assert rows[1] == rows[2]
    assert len({r["id"] for r in rows[1]}) == 4


def test_a_rendering_goes_on_where_it_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.render.SHARD", 1)
    render(2, tmp_path, seed=5, size=64, workers=1, log=lambda _: None)
    first, second = sorted(tmp_path.glob("*.parquet"))
    before, kept = second.read_bytes(), first.stat().st_mtime_ns
    second.unlink()
    (tmp_path / f"{second.stem}.partial").write_bytes(before[:100])  # as a kill leaves it
    render(2, tmp_path, seed=5, size=64, workers=1, log=lambda _: None)
    assert second.read_bytes() == before and first.stat().st_mtime_ns == kept


def test_a_folder_of_another_count_is_refused_where_images_would_come_twice(tmp_path: Path) -> None:
    (tmp_path / "seed5-000000-000100.parquet").touch()
    with pytest.raises(RenderError, match=r"seed5-000000-000100\.parquet is of another --count"):
        render(1000, tmp_path, seed=5)
    (tmp_path / "seed5-000000-000100.parquet").unlink()
    picture = io.BytesIO()
    Image.new("RGB", (256, 256)).save(picture, "PNG")
    for name in ("seed5-000000-000250", "seed6-000000-000100", "seed5-000250-000500", "seed5-extra"):
        shard = pyarrow.table({"image": [{"bytes": picture.getvalue()}]})
        parquet.write_table(shard, tmp_path / f"{name}.parquet")
    told: list[str] = []
    render(250, tmp_path, seed=5, log=told.append)  # what lies beyond is of none of these
    assert told == ["All shards are there already."]
    with pytest.raises(RenderError, match=r"seed5-000000-000250\.parquet is of --size 256"):
        render(250, tmp_path, seed=5, size=512)
    (tmp_path / "seed5-000000-000250.parquet").write_bytes(b"")
    with pytest.raises(RenderError, match=r"seed5-000000-000250\.parquet is damaged"):
        render(250, tmp_path, seed=5)


def test_a_contact_sheet_has_a_row_for_every_type(tmp_path: Path) -> None:
    from data.sheet import SIDE, sheet

    with pytest.raises(FileNotFoundError, match=r"no \.parquet files"):
        sheet(tmp_path, tmp_path / "sheet.png")
    render(2, tmp_path / "shards", seed=5, size=64, workers=1, log=lambda _: None)
    sheet(tmp_path / "shards", tmp_path / "sheet.png", each=2, masks=True)
    picture = np.array(Image.open(tmp_path / "sheet.png"))
    assert picture.shape == (22 * SIDE, 2 * SIDE, 3)
    shown = [(picture[r * SIDE : (r + 1) * SIDE] < 255).any() for r in range(22)]
    assert 1 <= sum(shown) <= 2


def test_renders_become_a_labelled_imagefolder(tmp_path: Path) -> None:
    from beauty_vlm.evaluation.truths import read_truths
    from data.imagefolder import write

    with pytest.raises(FileNotFoundError, match=r"no \.parquet files"):
        write(tmp_path, tmp_path / "photos")
    render(4, tmp_path / "shards", seed=5, size=64, workers=1, log=lambda _: None)
    assert write(tmp_path / "shards", tmp_path / "photos") == 4
    truths = read_truths(tmp_path / "photos")
    assert [truth.file for truth in truths] == [f"5-{k:06d}.jpg" for k in range(4)]
    for k, truth in enumerate(truths):
        row = example(5, k, 64)
        assert (tmp_path / "photos" / truth.file).read_bytes() == row["image"]["bytes"]
        assert (truth.product_type, truth.shade_visible) == (row["product_type"], row["shade_visible"])
        assert truth.finish == (row["finish"] or None) and len(truth.captions) == 3
        assert (truth.shade_hex is not None) == row["shade_visible"]


def test_misleading_print_changes_nothing_else() -> None:
    from data.stroop import MOST_CHANGED, changed, trios
    from data.typeface import invented_name, saying

    with saying("mascara"):
        assert invented_name(Draw(1)).lower() == "mascara"
        row = example(3000, 1, 64)
    plain = example(3000, 1, 64)
    for field in ("product_type", "layout", "albedo_lab", "count", "finish", "packaging"):
        assert row[field] == plain[field]
    (trio,) = trios(3000, 1, 96)
    assert trio.plain.size == (96, 96)
    for other in (trio.misleading, trio.control):
        assert 0 < changed(trio.plain, other) <= MOST_CHANGED
    assert changed(trio.misleading, trio.control) > 0


FALLBACK = """
import numpy as np, sys
from test_render import ball, scene
from data.draw import Draw
from data.material import clear
from data.mesh import cylinder
from data.product import Part
from data.scene import renderer, trace
shell = Part(cylinder(1.4, 2.8).moved(y=-1.4), clear(Draw(0)))
np.savez(sys.argv[1], regions=trace(scene(shell, ball(0.8)), 24, 4, 0).regions, variant=renderer().variant())
"""


def test_the_fallback_without_a_compiler_sees_the_same_regions(tmp_path: Path) -> None:
    found = {}
    for variant in ("scalar_rgb", renderer().variant()):
        out = tmp_path / f"{variant}.npz"
        root = Path(__file__).parent
        paths = os.pathsep.join([str(root), str(root.parent)])
        environment = {**os.environ, "BEAUTY_VLM_RENDERER": variant, "PYTHONPATH": paths}
        subprocess.run([sys.executable, "-c", FALLBACK, str(out)], check=True, env=environment, timeout=120)
        found[variant] = np.load(out)
        assert str(found[variant]["variant"]) == variant
    scalar, other = (part["regions"] for part in found.values())
    assert (scalar == other).mean() > 0.99 and (scalar == MATERIAL).any()


@pytest.mark.parametrize("seed", range(6))
def test_truth_is_consistent(seed: int) -> None:
    row = example(11, seed, 64)
    text = " ".join(row[f"caption_{length}"] for length in ("short", "normal", "detailed")).lower()
    if row["shade_visible"]:
        assert row["albedo_lab"] and row["appearance_lab"] and row["shade_name"] == row["shade_names"][0]
        assert srgb_to_lab(np.array(row["albedo_srgb"])) == pytest.approx(row["albedo_lab"])
    else:
        assert row["shade_names"] == [] and row["albedo_srgb"] is None
        assert row["albedo_lab"] is None and row["shade_name"] == "" and row["finish"] == ""
        assert "the shade is a" not in text and "its colour is" not in text
    assert set(row["product_types"]) <= {t.label for t in product_types()}
    assert row["product_types"] == [row["product_type"]] or row["product_type"] == "makeup set"
    assert len(row["caption_short"]) <= len(row["caption_normal"]) <= len(row["caption_detailed"])


def test_captions_of_a_hidden_shade_name_no_colour_of_it() -> None:
    from beauty_vlm.report import Shade

    case = plain((0.05, 0.05, 0.05), name="black lacquer")
    product = Product("lipstick", (Part(cylinder(0.5, 2), case),), form="bullet case", package=case, layout="closed")
    text = captions(Draw(1), product, Shade(False, None, ()), "white")
    assert text.short == "A lipstick, closed."
    assert "finish" not in text.detailed
    assert "black lacquer bullet case" in text.normal


def test_articles() -> None:
    assert [article(w) for w in ("olive", "berry", "Amber")] == ["an", "a", "an"]


def test_every_product_type_has_a_maker() -> None:
    assert list(catalogue()) == [t.label for t in product_types()]
    for label, (weight, makers) in catalogue().items():
        assert weight > 0 and all(share > 0 for share in makers.values())
        for maker in makers:
            assert maker(Draw(2)).product_type == label, maker


def test_meshes_are_closed_where_they_should_be() -> None:
    whole = joined([box(1, 2, 1), cylinder(0.5, 1).moved(x=3)])
    assert whole.low[1] == pytest.approx(0.0) and whole.high[0] == pytest.approx(3.5, abs=0.01)
    half = cut(whole, whole.vertices[whole.faces][:, :, 0].max(1) < 2)
    assert half.high[0] < 1 and len(half.vertices) < len(whole.vertices)
    assert np.isfinite(smear(np.random.default_rng(0), 2, 0.5, 0.05).vertices).all()
    assert placed([Part(box(1, 1, 1).moved(y=5), Material(flat((1.0, 1.0, 1.0))))])[0].mesh.low[1] == 0.0
