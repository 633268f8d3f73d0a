"""Makers of lipsticks and glosses beyond the plain bullet: what every render relies on."""

from __future__ import annotations

import numpy as np
import pytest

from beauty_vlm.measurement.regions import MATERIAL
from data.draw import Draw
from data.product import Product
from data.products import lip_closed, lip_lineups
from data.products.lip_plain import plain_case, through_cord
from data.products.lip_pools import POOLS, pool_of
from data.products.lip_tubes import tube_with_wand
from data.products.lip_vials import thick_vial

COLOUR = np.array([0.62, 0.16, 0.2])
SEEDS = range(3)


def assert_sound(product: Product) -> None:
    assert min(float(part.mesh.low[1]) for part in product.parts) == pytest.approx(0, abs=1e-6)
    for part in product.parts:
        assert np.isfinite(part.mesh.vertices).all() and np.isfinite(part.mesh.normals).all()
    assert any(part.material.region == MATERIAL for part in product.parts) == bool(product.shades)


@pytest.mark.parametrize("seed", range(12))
def test_a_plain_closed_case_is_three_to_five_times_as_tall_as_wide(seed: int) -> None:
    parts, outside = plain_case(Draw(seed), COLOUR)
    low, high = np.min([p.mesh.low for p in parts], 0), np.max([p.mesh.high for p in parts], 0)
    assert 2.8 < (high - low)[1] / (high - low)[0] < 5.1
    assert any(part.material is outside for part in parts) and low[1] == pytest.approx(0)


@pytest.mark.parametrize("seed", range(12))
def test_closed_cases_show_no_shade_and_no_thread_lifts_them(seed: int) -> None:
    product = lip_closed.closed_case(Draw(seed), COLOUR)
    assert_sound(product)
    assert not product.shades and product.finish is None


def test_a_cord_leaves_the_case_at_both_ends() -> None:
    cord = through_cord(Draw(1), 2.0)
    assert cord.low[1] < -2.0 and cord.high[1] > 2.0
    behind = cord.vertices[np.abs(cord.vertices[:, 1]) < 0.8]
    assert np.abs(behind[:, 0]).max() < 0.05


@pytest.mark.parametrize("maker", [lip_lineups.tinted_cap, lip_lineups.stacked, lip_lineups.many])
@pytest.mark.parametrize("seed", SEEDS)
def test_lineups_are_sound(maker: object, seed: int) -> None:
    product: Product = maker(Draw(seed), COLOUR, "satin")  # type: ignore[operator]
    assert_sound(product)
    assert np.array_equal(product.shades[0], COLOUR)
    assert len(product.shades) == product.count or maker is not lip_lineups.many


@pytest.mark.parametrize("seed", SEEDS)
def test_thick_vials_keep_their_fluid_within_the_wall(seed: int) -> None:
    tube = thick_vial(Draw(seed), COLOUR, "doe-foot")
    assert tube.kind == "clear" and 0.2 * tube.radius < tube.wall < 0.45 * tube.radius
    assert_sound(tube_with_wand(Draw(seed), "lip gloss", COLOUR, "glossy", "doe-foot", make=thick_vial))


def test_a_thick_vial_cannot_be_opaque() -> None:
    with pytest.raises(ValueError, match="clear"):
        thick_vial(Draw(1), COLOUR, "doe-foot", {"opaque": 1.0})


@pytest.mark.parametrize("kind", POOLS)
@pytest.mark.parametrize("seed", range(5))
def test_pools_lie_on_the_table_and_rise_above_it(kind: str, seed: int) -> None:
    mesh = pool_of(Draw(seed), kind, 1.0)
    assert np.isfinite(mesh.vertices).all() and np.isfinite(mesh.normals).all()
    assert 0 <= mesh.low[1] < 0.02 < mesh.high[1] < 0.7
    assert 1.5 < max(np.ptp(mesh.vertices[:, 0]), np.ptp(mesh.vertices[:, 2])) < 3.2
    assert mesh.normals[:, 1].mean() > 0.3
