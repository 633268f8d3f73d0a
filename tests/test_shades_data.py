"""Sampled albedos look like shades of their product, and their densities like the published shades."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from beauty_vlm.colour import in_gamut
from beauty_vlm.vocabulary import product_types
from data.shades import DENSITIES, KINDS, Density, densities, sample_shade

PUBLISHED = Path(__file__).parents[2] / "shared" / "shades" / "shades.csv"


def samples(product_type: str, count: int = 200) -> np.ndarray:
    rng = np.random.default_rng(3)
    return np.array([sample_shade(product_type, rng) for _ in range(count)])


def test_every_product_type_has_a_density() -> None:
    assert list(KINDS) == [term.label for term in product_types()]
    assert {kind for kinds in KINDS.values() for kind in kinds} <= set(densities())


@pytest.mark.parametrize("product_type", list(KINDS))
def test_samples_are_in_gamut_varied_and_repeatable(product_type: str) -> None:
    lab = samples(product_type, 40)
    assert in_gamut(lab).all()
    assert lab.std(axis=0).max() > 1.0
    np.testing.assert_array_equal(lab, samples(product_type, 40))


def test_samples_look_like_their_product() -> None:
    drawn = [samples(name) for name in ("mascara", "lipstick", "foundation", "skincare cream")]
    lightness = [float(np.median(lab[:, 0])) for lab in drawn]
    assert lightness == sorted(lightness) and lightness[0] < 25.0 and lightness[-1] > 90.0
    lipstick, foundation, cream = (np.median(np.hypot(lab[:, 1], lab[:, 2])) for lab in drawn[1:])
    assert lipstick > foundation > cream
    hues = np.degrees(np.arctan2(*samples("foundation")[:, :0:-1].T))
    assert ((hues > 30) & (hues < 100)).mean() > 0.97


def test_unknown_types_and_densities_outside_srgb_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="'shoe polish' is not a product type"):
        sample_shade("shoe polish", rng)
    outside = Density(np.array([1.0]), np.array([[50.0, 150.0, -150.0]]), np.eye(3)[None])
    with pytest.raises(ValueError, match="outside sRGB"):
        outside.draw(rng)


def test_the_file_holds_sound_mixtures_that_fit_and_no_rows() -> None:
    for kind, record in json.loads(DENSITIES.read_text(encoding="utf-8")).items():
        assert sum(record["weights"]) == pytest.approx(1.0, abs=0.002), kind
        assert len(record["weights"]) <= 8 and record["rows"] >= 10 * len(record["weights"])
        assert np.linalg.eigvalsh(np.array(record["covariances"])).min() > 0.0
        assert record["energy_distance"] < 1.5, "two samples of one density give about 0, two kinds 5 to 40"


def test_sampling_needs_no_scikit_learn() -> None:
    code = "import sys, data.shades; data.shades.densities(); sys.exit('sklearn' in sys.modules)"
    root = Path(__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published shades beside the repository")
def test_densities_follow_the_published_shades() -> None:
    pytest.importorskip("sklearn")
    from data.fit_shades import energy_distance, read_shades

    published = read_shades(PUBLISHED)
    rng = np.random.default_rng(11)
    drawn = {kind: densities()[kind].sample(rng, 200) for kind in ("lipstick", "foundation", "nail polish")}
    for kind, lab in drawn.items():
        distances = {other: energy_distance(lab, published[other][:1500]) for other in drawn}
        assert min(distances, key=lambda other: distances[other]) == kind
        assert distances[kind] < 1.5
