"""Every maker of care, scent, tools and others yields a sound product whose labels agree with its parts."""

from __future__ import annotations

import numpy as np
import pytest

from beauty_vlm.measurement.regions import MATERIAL
from beauty_vlm.vocabulary import product_types
from data.draw import Draw
from data.material import FINISHES
from data.product import Maker, Product
from data.products.others import THINGS, other
from data.products.perfume import perfume
from data.products.sets import makeup_set
from data.products.skincare import cleanser, cream, serum, sunscreen
from data.products.tools import brush_or_tool

MAKERS = {
    "skincare cream": cream, "serum": serum, "cleanser": cleanser, "sunscreen": sunscreen,
    "perfume": perfume, "brush or tool": brush_or_tool, "other": other, "makeup set": makeup_set,
}  # fmt: skip
SEEDS = 30
LABELS = {term.label for term in product_types()}


@pytest.fixture(scope="module", params=list(MAKERS))
def made(request: pytest.FixtureRequest) -> tuple[str, list[Product]]:
    return request.param, [MAKERS[request.param](Draw(seed)) for seed in range(SEEDS)]


def test_type_is_the_makers_own_and_in_the_vocabulary(made: tuple[str, list[Product]]) -> None:
    name, products = made
    assert {p.product_type for p in products} == {name}
    assert name in LABELS


def test_stands_on_the_table(made: tuple[str, list[Product]]) -> None:
    for product in made[1]:
        assert min(p.mesh.low[1] for p in product.parts) == pytest.approx(0, abs=1e-6)


def test_meshes_are_finite_and_indexed_right(made: tuple[str, list[Product]]) -> None:
    for product in made[1]:
        for part in product.parts:
            mesh = part.mesh
            assert all(np.isfinite(a).all() for a in (mesh.vertices, mesh.normals, mesh.uv))
            assert len(mesh.vertices) == len(mesh.normals) == len(mesh.uv)
            assert mesh.faces.min() >= 0 and mesh.faces.max() < len(mesh.vertices)


def test_material_is_there_exactly_when_shades_are(made: tuple[str, list[Product]]) -> None:
    for product in made[1]:
        shown = any(p.material.region == MATERIAL for p in product.parts)
        assert shown == bool(product.shades), product.layout
        assert product.finish in (FINISHES if product.shades else (None,))
        assert all(np.shape(s) == (3,) and np.min(s) >= 0 and np.max(s) <= 1 for s in product.shades)


def test_shade_is_the_colour_of_the_material(made: tuple[str, list[Product]]) -> None:
    name, products = made
    if name == "makeup set":
        pytest.skip("its members' own tests check their colours")
    for product in products:
        colours = [p.material.colour for p in product.parts if p.material.region == MATERIAL]
        for colour in colours:  # a printed label darkens the mean a little
            assert min(np.abs(colour - s).max() for s in product.shades) < 0.2, product.layout


def _vertices(maker: Maker, seed: int) -> np.ndarray:
    return np.concatenate([p.mesh.vertices for p in maker(Draw(seed)).parts])


def test_same_seed_same_product_and_other_seed_another(made: tuple[str, list[Product]]) -> None:
    name, products = made
    first = np.concatenate([p.mesh.vertices for p in products[0].parts])
    assert np.array_equal(_vertices(MAKERS[name], 0), first)
    assert any(not np.array_equal(_vertices(MAKERS[name], seed), first) for seed in (1, 2, 3))


def test_layouts_vary() -> None:
    for maker in (cream, serum, sunscreen, perfume, brush_or_tool):
        assert len({maker(Draw(seed)).layout for seed in range(SEEDS)}) >= 3


@pytest.mark.parametrize("thing", list(THINGS))
def test_each_other_thing_can_be_made(thing: str) -> None:
    parts = THINGS[thing](Draw(7))
    assert parts and all(p.material.region == 0 for p in parts)
    size = np.max([p.mesh.high for p in parts], 0) - np.min([p.mesh.low for p in parts], 0)
    assert 0.2 < size.max() < 6
