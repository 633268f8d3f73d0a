"""The closed-form start of the tagger's projections, on features with known structure."""

from __future__ import annotations

import torch

from finetune.alignment import regression, whitening, without_mean

COUNT, WIDTH, KEPT = 600, 24, 8


def features(seed: int = 0) -> torch.Tensor:
    """Features that share a large common part, as towers' outputs do."""
    generator = torch.Generator().manual_seed(seed)
    spread = torch.linspace(2.0, 0.1, WIDTH)
    return torch.randn(COUNT, WIDTH, generator=generator) * spread + 10


def test_the_common_direction_is_taken_out() -> None:
    found = features()
    rest = found @ without_mean(found)
    assert rest.mean(dim=0).abs().max() < 1e-4 < found.mean(dim=0).abs().max()


def test_whitened_directions_have_unit_variance_and_are_uncorrelated() -> None:
    found = features()
    projected = found @ whitening(found, KEPT).T
    covariance = projected.T @ projected / COUNT
    assert projected.shape == (COUNT, KEPT)
    assert torch.allclose(covariance, torch.eye(KEPT), atol=1e-2)


def test_the_regression_finds_a_linear_map_under_a_large_mean() -> None:
    found = features()
    truth = torch.randn(KEPT, WIDTH, generator=torch.Generator().manual_seed(1)) @ without_mean(found)
    guess = found @ regression(found, found @ truth.T).T
    cosine = torch.nn.functional.cosine_similarity(guess, found @ truth.T)
    assert cosine.median() > 0.98


def test_features_that_vanish_are_projected_to_nothing() -> None:
    assert not regression(features() * 0, torch.ones(COUNT, KEPT)).any()
