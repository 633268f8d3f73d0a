"""The fit of what tells whether a shade is to be seen, on evidence whose law is known."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the packages of requirements-train.txt are not installed")

from data.fit_visibility import Seen, crossed, fit, said_hidden, to_markdown

NAMES = ["visible", "closed", "material"]


def rows(count: int, seed: int = 1) -> list[Seen]:
    """Renders whose shade shows with a probability of 1 / (1 + exp(-(1 + 1.5 visible - 0.5 closed + material)))."""
    dice = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        evidence = dict(zip(NAMES, dice.normal(0.0, 2.0, 3), strict=True))
        score = 1.0 + 1.5 * evidence["visible"] - 0.5 * evidence["closed"] + evidence["material"]
        shows = bool(dice.random() < 1 / (1 + np.exp(-score)))
        found.append(Seen(not shows, False, bool(evidence["closed"] > 2), evidence))
    return found


def test_the_law_is_found() -> None:
    fitted = fit(rows(4000), NAMES)
    assert fitted.weights == pytest.approx({"visible": 1.5, "closed": -0.5, "material": 1.0}, abs=0.12)
    at_zero = fitted.probability(dict.fromkeys(NAMES, 0.0))
    assert at_zero == pytest.approx(1 / (1 + np.exp(-1.0)), abs=0.03)


def test_the_threshold_has_the_best_f1() -> None:
    found = rows(600)
    fitted = fit(found, NAMES)
    truth = np.array([row.hidden for row in found])
    said = said_hidden(found, fitted).astype(bool)
    chances = np.array([fitted.probability(row.evidence) for row in found])

    def f1(guess: np.ndarray) -> float:
        return 2 * (guess & truth).sum() / (guess.sum() + truth.sum())

    assert f1(said) >= max(f1(chances < threshold) for threshold in np.arange(0.1, 0.95, 0.05)) - 1e-9


def test_what_has_none_is_hidden_and_teaches_nothing() -> None:
    found = rows(400)
    none = [Seen(True, True, True, dict.fromkeys(NAMES, 9.0))] * 50
    assert fit(found + none, NAMES).weights == fit(found, NAMES).weights
    assert said_hidden(none, fit(found, NAMES)).all()


def test_missing_evidence_counts_as_its_mean() -> None:
    found = rows(400)
    lacking = [Seen(row.hidden, False, row.ruled, {"material": row.evidence["material"]}) for row in found[:40]]
    fitted = fit(found + lacking, NAMES)
    assert all(np.isfinite(list(fitted.weights.values())))
    mean = fitted.probability({"material": 0.3, "visible": fitted.means["visible"], "closed": fitted.means["closed"]})
    assert fitted.probability({"material": 0.3}) == pytest.approx(mean)


def test_the_table_sets_the_fits_beside_the_rule() -> None:
    found = rows(500)
    table = to_markdown(found, NAMES).splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == ["| the rule", "| state and material", "| with the question"]
    f1 = [float(line.split(" | ")[2].split()[0]) for line in table[2:]]
    assert f1[0] < f1[1] < f1[2]
    assert len(to_markdown(found, NAMES[1:]).splitlines()) == 4
    assert crossed(found, NAMES).shape == (500,)


def test_one_kind_of_render_teaches_nothing() -> None:
    with pytest.raises(ValueError, match="are needed"):
        fit([row for row in rows(50) if row.hidden], NAMES)
