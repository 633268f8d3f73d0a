"""Makers of compacts, eye products and nail polish: what every render relies on."""

from __future__ import annotations

import numpy as np
import pytest

from beauty_vlm.measurement.regions import MATERIAL
from data.draw import Draw
from data.material import plain
from data.product import Maker, Part, Product
from data.products import compacts, eyes, nails
from data.products.mascara_lines import bestseller
from data.products.wands import pencil_parts, wand_parts

MAKERS: dict[str, tuple[Maker, str]] = {
    "blush": (compacts.blush, "blush"),
    "bronzer": (compacts.bronzer, "bronzer or highlighter"),
    "powder": (compacts.powder, "powder"),
    "eyeshadow": (compacts.eyeshadow, "eyeshadow"),
    "palette": (compacts.palette, "eyeshadow palette"),
    "mascara": (eyes.mascara, "mascara"),
    "eyeliner": (eyes.eyeliner, "eyeliner"),
    "brow": (eyes.brow, "brow product"),
    "nail polish": (nails.nail_polish, "nail polish"),
}
FINISHES = {"matte", "satin", "glossy", "shimmer", "glitter", "metallic", "sheer"}
SEEDS = 30
MATERIALS = 14  # distinct surfaces a palette may have, so that its scene stays quick to load


@pytest.fixture(scope="module")
def products() -> dict[str, list[Product]]:
    return {name: [maker(Draw(seed)) for seed in range(SEEDS)] for name, (maker, _) in MAKERS.items()}


def assert_sound(part: Part) -> None:
    mesh = part.mesh
    assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all() and np.isfinite(mesh.uv).all()
    assert len(mesh.faces) and mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)
    assert mesh.normals.shape == mesh.vertices.shape and len(mesh.uv) == len(mesh.vertices)


@pytest.mark.parametrize("name", MAKERS)
def test_meshes_are_sound_and_stand_on_the_table(name: str, products: dict[str, list[Product]]) -> None:
    for product in products[name]:
        low = np.min([part.mesh.low for part in product.parts], 0)
        high = np.max([part.mesh.high for part in product.parts], 0)
        assert abs(low[1]) < 1e-6
        assert np.abs((low + high)[[0, 2]] / 2).max() < 3.2, product.layout
        assert 0.3 < (high - low).max() < 16  # a row of twelve swatches
        for part in product.parts:
            assert_sound(part)


@pytest.mark.parametrize("name", MAKERS)
def test_truth_matches_materials(name: str, products: dict[str, list[Product]]) -> None:
    for product in products[name]:
        assert product.product_type == MAKERS[name][1]
        assert product.form and product.layout and product.count >= 1
        cosmetic = any(part.material.region == MATERIAL for part in product.parts)
        assert cosmetic == bool(product.shades), (product.form, product.layout)
        assert (product.finish in FINISHES) if product.shades else product.finish is None
        for shade in product.shades:
            assert shade.shape == (3,) and shade.min() >= 0 and shade.max() <= 1


@pytest.mark.parametrize("name", MAKERS)
def test_main_shade_is_the_colour_of_a_material(name: str, products: dict[str, list[Product]]) -> None:
    """Grain, pearl and relief move a texture's mean, but not beyond a fifth of the range; glitter's flakes do more."""
    for product in products[name]:
        if product.shades:
            colours = [part.material.colour for part in product.parts if part.material.region == MATERIAL]
            most = 0.25 if product.finish == "glitter" else 0.2
            assert min(np.abs(colour - product.shades[0]).max() for colour in colours) < most


@pytest.mark.parametrize("name", MAKERS)
def test_same_seed_same_product_and_seeds_differ(name: str, products: dict[str, list[Product]]) -> None:
    maker = MAKERS[name][0]
    for seed in range(5):
        again, first = maker(Draw(seed)), products[name][seed]
        assert (again.layout, again.form, len(again.parts)) == (first.layout, first.form, len(first.parts))
        for a, b in zip(again.parts, first.parts, strict=True):
            assert np.array_equal(a.mesh.vertices, b.mesh.vertices)
            assert np.array_equal(a.material.texture, b.material.texture)
    assert len({(product.form, product.layout) for product in products[name]}) >= 4


def test_palettes_share_materials(products: dict[str, list[Product]]) -> None:
    for product in products["palette"]:
        assert len({id(part.material) for part in product.parts}) <= MATERIALS
        assert product.layout.startswith("closed") or len(product.shades) >= 2


@pytest.mark.parametrize("tip", ["doe-foot", "brush", "mascara", "spoolie"])
def test_wand_hangs_from_its_cap(tip: str) -> None:
    product, cap = plain((0.5, 0.1, 0.1), name="product"), plain((0.0, 0.0, 0.0), name="cap")
    parts = wand_parts(Draw(1), product, cap, 1.5, tip)  # type: ignore[arg-type]
    lowest = min(parts, key=lambda part: part.mesh.low[1])
    assert lowest.material is product and abs(lowest.mesh.low[1] + 1.5) < 0.1
    assert next(part for part in parts if part.material is cap).mesh.low[1] == pytest.approx(0)


def test_pencil_is_upright_with_its_core_on_top() -> None:
    core, body = plain((0.5, 0.1, 0.1)), plain((0.1, 0.1, 0.1))
    for seed in range(SEEDS):
        parts = pencil_parts(Draw(seed), core, body)
        top = max(parts, key=lambda part: part.mesh.high[1])
        assert top.material is core and 3.4 < top.mesh.high[1] < 4.6
        assert min(part.mesh.low[1] for part in parts) == pytest.approx(0)


def test_clean_bristles_of_another_colour_are_no_product() -> None:
    """A brush shown without product must not teach that its plastic is the mascara's shade."""
    made = [bestseller(Draw((3, seed))) for seed in range(40)]
    clean = [p for p in made if any(part.material.name == "coloured bristles" for part in p.parts)]
    assert clean and len(clean) < len(made) / 2
    assert all(not product.shades and product.finish is None for product in clean)
    assert all(part.material.region != MATERIAL for product in clean for part in product.parts)
