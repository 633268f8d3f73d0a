"""Fit the density of shades per kind of product that `data.shades` samples from.

    python -m data.fit_shades shades.csv            # columns: kind, name, hex

Writes data/shade_densities.json: mixture parameters and how well they fit, no published shade.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist
from sklearn.mixture import GaussianMixture

from beauty_vlm.colour import Array, ciede2000, hex_to_lab
from data.shades import DENSITIES, Density

SEED = 0
# More components follow single lists instead of the kind; BIC picks among these.
COMPONENTS = range(1, 9)
# Added to each variance (Lab units squared): one unit of spread, about what is just noticed.
REGULARISATION = 1.0
# Some published colours were read off the picture's white ground instead of the product (a purple mascara as
# #fffaff, an espresso brow gel as #fffeff). Whites do exist, so only what is lighter than any of them is
# dropped, and what is lighter than a blonde brow in the kinds that are made for lashes and brows.
LIGHTEST = 98.5
LIGHTEST_OF = {"mascara": 75.0, "eyebrow": 75.0}
# A complexion shade lies among skin hues; other rows of these kinds name a box or a primer.
SKIN_KINDS = {"foundation", "bronzer"}
SKIN_HUES = (38.0, 92.0)
# Pairs of shades in the quality figures are taken among this many of each.
COMPARED = 600


def read_shades(path: Path) -> dict[str, Array]:
    """Shades (N, 3) in CIELAB by kind, without rows that cannot be a shade of their kind.

    A colour that several rows share stays as often as it is sold: most mascaras are black.
    """
    hexes: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            hexes[row["kind"]].append(row["hex"])
    shades = {kind: np.array([hex_to_lab(text) for text in texts]) for kind, texts in sorted(hexes.items())}
    return {kind: lab[_is_possible(kind, lab)] for kind, lab in shades.items()}


def fit(lab: Array) -> Density:
    """The mixture with the lowest BIC."""
    models = [
        GaussianMixture(count, covariance_type="full", reg_covar=REGULARISATION, n_init=2, random_state=SEED)
        for count in COMPONENTS
        if count * 10 <= len(lab)
    ]
    best = min((model.fit(lab) for model in models), key=lambda model: model.bic(lab))
    return Density(best.weights_.round(4), best.means_.round(2), best.covariances_.round(2))


def quality(lab: Array, density: Density) -> dict[str, float]:
    """How near the samples are to the data, beside what two halves of the data give.

    `energy_distance` is that of Székely and Rizzo in Lab units; `nearest` the median CIEDE2000 from a sample
    to its nearest published shade; the `_of_data` figures compare two random halves of the data.
    """
    rng = np.random.default_rng(SEED)
    drawn = density.sample(rng, COMPARED)
    half = rng.permutation(len(lab))
    one, other = lab[half[: len(lab) // 2]], lab[half[len(lab) // 2 :]]
    return {
        "energy_distance": round(energy_distance(drawn, lab), 2),
        "energy_distance_of_data": round(energy_distance(one, other), 2),
        "nearest": round(_nearest(drawn, lab[half[:COMPARED]]), 2),
        "nearest_of_data": round(_nearest(one[:COMPARED], other[:COMPARED]), 2),
    }


def energy_distance(one: Array, other: Array) -> float:
    """2 E|X - Y| - E|X - X'| - E|Y - Y'| for samples (N, 3) and (M, 3), in their units.

    Estimated without bias: about 0, and as often below it, when both come from one density.
    """
    return float(2.0 * cdist(one, other).mean() - _mean_distance(one) - _mean_distance(other))


def main(path: Path) -> None:
    """Fit every kind and write DENSITIES."""
    fitted: dict[str, Any] = {}
    for kind, lab in read_shades(path).items():
        density = fit(lab)
        fitted[kind] = {"rows": len(lab), **quality(lab, density), **density.to_dict()}
        figures = {key: value for key, value in fitted[kind].items() if np.isscalar(value)}
        print(f"{kind}: {len(density.weights)} components, {figures}")
    DENSITIES.write_text(json.dumps(fitted, indent=1) + "\n", encoding="utf-8")


def _is_possible(kind: str, lab: Array) -> NDArray[np.bool_]:
    possible = lab[:, 0] <= LIGHTEST_OF.get(kind, LIGHTEST)
    if kind in SKIN_KINDS:
        hue = np.degrees(np.arctan2(lab[:, 2], lab[:, 1]))
        possible &= (hue > SKIN_HUES[0]) & (hue < SKIN_HUES[1])
    return np.asarray(possible)


def _mean_distance(sample: Array) -> float:
    """Over pairs of different members: the unbiased estimate."""
    return float(cdist(sample, sample).sum() / (len(sample) * (len(sample) - 1)))


def _nearest(one: Array, other: Array) -> float:
    return float(np.median([ciede2000(lab, other).min() for lab in one]))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m data.fit_shades shades.csv")
    main(Path(sys.argv[1]))
