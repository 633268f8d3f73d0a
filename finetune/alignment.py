"""A closed-form start for the projections of a dual encoder over pretrained towers.

Outputs of either tower share most of their direction, so that all cosines start alike and say nothing for hundreds of
steps. Here the texts' projection whitens the texts, and the images' projection is the ridge regression from images to
their whitened texts: the zero-shot classifier then starts near a linear probe of the frozen features.
"""

from __future__ import annotations

import torch
from torch.nn import functional

RIDGE = 0.1  # of the mean variance: some thousands of images for 1280 features need a little restraint
LEAST_RIDGE = 1e-9  # lets the system be solved when an untrained tower's features vanish
LEAST_VARIANCE = 1e-6  # of the largest: directions below it hold rounding errors


def without_mean(features: torch.Tensor) -> torch.Tensor:
    """The matrix (D, D) that takes out the direction of the features' (N, D) mean: projections have no bias."""
    mean = functional.normalize(features.mean(dim=0), dim=0)
    return torch.eye(len(mean), device=mean.device) - torch.outer(mean, mean)


def whitening(features: torch.Tensor, width: int) -> torch.Tensor:
    """The projection (width, D) of features (N, D) onto their strongest directions, each with unit variance."""
    centred = features @ without_mean(features)
    values, vectors = torch.linalg.eigh(centred.T @ centred / len(features))
    values, vectors = values.flip(0)[:width], vectors.flip(1)[:, :width]
    scales = values.clamp(min=float(values[0]) * LEAST_VARIANCE).rsqrt()
    return (vectors * scales).T @ without_mean(features)


def regression(features: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    """The bias-free ridge regression (K, D) from features (N, D), without their mean, to targets (N, K)."""
    rest = without_mean(features)
    centred = features @ rest
    spread = centred.T @ centred
    ridge = (RIDGE * spread.diagonal().mean() + LEAST_RIDGE) * torch.eye(len(spread), device=spread.device)
    return torch.linalg.solve(spread + ridge, centred.T @ targets).T @ rest
