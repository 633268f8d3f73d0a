"""Fit the second opinion on the product type: a linear classifier on what the captioner's vision tower sees.

    python -m finetune.opinion --data DIR [DIR …] [--unseen DIR …] [--captioner DIR] [--adapter DIR]

Writes types.safetensors beside the adapter, the embedded one when none is given; to be done after the tagger or the
captioner was trained and exported. The classifier is fitted to one augmented view of each training render, how it is
pooled with the embedded tagger's opinion to views of others: of --unseen, which no training saw, or of the held-out
part of --data, which chose the tagger's checkpoint and has it seem surer than it is. A convex fit without an order of
steps: the same data give the same file. What both accept as a beauty product is fitted to those others as they are
(`finetune.calibration`).
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from torch.nn import functional
from tqdm import tqdm

from beauty_vlm.models.captioner import Captioner
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.opinion import Pool, TypeHead, summary, write
from beauty_vlm.models.source import EMBEDDED
from beauty_vlm.vocabulary import OTHER
from data.shards import DataMissing
from finetune.calibration import Views, acceptance, fitted_temperature, logits_of
from finetune.caption_training import normalised
from finetune.card import CARD_FILE, CardError, filled
from finetune.dataset import load
from finetune.recipe import RECIPES, augmentation, read_recipe, restaging
from finetune.zero_shot import heads

# Inverse strengths of the ridge among which the held-out views choose; 768 states of some 20,000 renders.
STRENGTHS = (3e-5, 1e-4, 3e-4, 1e-3)
STEPS = 400  # of L-BFGS
SHARES = np.linspace(0.0, 1.0, 51)  # of the second opinion
PLACE = "types"  # in the adapter's card
TOLD = (
    "By `python -m finetune.opinion`: augmented views of renders that neither learned from, as the tagger is "
    "calibrated on; the tagger with a temperature fitted to them."
)


def types_of(seen: Views, labels: Sequence[str]) -> np.ndarray:
    """The number of each view's product type."""
    numbers = np.array([labels.index(name) for name in seen.renders.product_types])
    return np.asarray(numbers[seen.rows])


@torch.inference_mode()
def summaries(captioner: Captioner, seen: Views) -> np.ndarray:
    """What the classifier reads of each view (N, 2 W)."""
    network, found = captioner.network, []
    size = int(network.config.vision_config.image_size)
    for pixels in tqdm(seen.batches(size), unit="batch"):
        found.append(summary(network.look(normalised(pixels, *captioner.normalisation))))
    return torch.cat(found).numpy()


def classifier(states: np.ndarray, types: np.ndarray, strength: float, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Weight (count, D) and bias (count,) of the multinomial regression, every type weighing the same.

    Raises ValueError where a type is missing.
    """
    if len(np.unique(types)) < count:
        raise ValueError("The training renders lack a product type.")
    scaler = StandardScaler().fit(states)
    model = LogisticRegression(C=strength, max_iter=STEPS, class_weight="balanced")
    model.fit(scaler.transform(states), types)
    weight = model.coef_ / scaler.scale_
    bias = model.intercept_ - weight @ scaler.mean_
    return torch.tensor(weight, dtype=torch.float32), torch.tensor(bias, dtype=torch.float32)


def pooled(own: torch.Tensor, other: torch.Tensor, truth: torch.Tensor) -> tuple[float, float]:
    """What the tagger's logits and the second's log probabilities (N, T) are multiplied by: each is calibrated alone,
    and of such opinions the weights sum to one, those of the least negative log-likelihood.

    So two that agree are no surer together than the surer one. Without that the held-out renders would have them surer,
    but both towers learned from renders, and where a photo is unlike these they err together.
    """
    factors = [1 / fitted_temperature(opinion, truth) for opinion in (own, other)]
    first, second = (factor * opinion for factor, opinion in zip(factors, (own, other), strict=True))
    losses = [float(functional.cross_entropy((1 - share) * first + share * second, truth)) for share in SHARES]
    share = float(SHARES[int(np.argmin(losses))])
    return (1 - share) * factors[0], share * factors[1]


def to_markdown(opinions: dict[str, torch.Tensor], truth: torch.Tensor) -> str:
    """How often each of several opinions (N, T), as logits, is right, and its negative log-likelihood."""
    lines = ["| opinion | views of renders | right | negative log-likelihood |", "|---|---|---|---|"]
    for name, logits in opinions.items():
        right = float((logits.argmax(dim=1) == truth).float().mean())
        lines.append(f"| {name} | {len(truth)} | {right:.3f} | {float(functional.cross_entropy(logits, truth)):.3f} |")
    return "\n".join(lines)


def fit(captioner: Captioner, tagger: Path, learnt: Views, held_out: Views, plain: Views) -> tuple[TypeHead, str]:
    """The head, and a table of what it is worth: learnt from views of training renders, pooled by views of held-out
    ones; what is accepted as a beauty product is fitted to these as they are, `plain`. Raises ValueError where a type
    is missing, OSError without a tagger's files.
    """
    labels = heads()["types"].labels
    truth, clean = (torch.from_numpy(types_of(part, labels)) for part in (held_out, plain))
    own, own_clean = (logits_of(tagger, part)["types"][0].float() for part in (held_out, plain))
    seen, seen_clean = (torch.from_numpy(summaries(captioner, part)) for part in (held_out, plain))
    states = summaries(captioner, learnt)
    best: tuple[float, TypeHead, torch.Tensor] | None = None
    for strength in STRENGTHS:
        weight, bias = classifier(states, types_of(learnt, labels), strength, len(labels))
        other = (seen @ weight.T + bias).log_softmax(dim=1)
        factors = pooled(own, other, truth)
        together = factors[0] * own + factors[1] * other
        loss = float(functional.cross_entropy(together, truth))
        if best is None or loss < best[0]:
            whole = factors[0] * own_clean + factors[1] * (seen_clean @ weight.T + bias).log_softmax(dim=1)
            product = acceptance(whole.softmax(dim=1), clean, labels.index(OTHER))
            best = loss, TypeHead(weight, bias, Pool(*factors, product)), other
    assert best is not None
    _, head, other = best
    alone = own / fitted_temperature(own, truth)
    together = head.pool.own * own + head.pool.other * other
    return head, to_markdown({"tagger": alone, "captioner's tower": other, "both": together}, truth)


def fitted_to(settings: Settings) -> Path:
    """The folder of what the vision tower is the captioner's with: its adapter, or, without one, itself."""
    if settings.adapter_name is None:
        return EMBEDDED / "captioner" if settings.captioner == "embedded" else Path(settings.captioner)
    return EMBEDDED / "captioner-lora" if settings.adapter_name == "embedded" else Path(settings.adapter_name)


def main() -> None:
    """Fit by the command line."""
    arguments = argparse.ArgumentParser(prog="python -m finetune.opinion")
    arguments.add_argument("--data", type=Path, nargs="+", action="extend", required=True, metavar="DIR")
    arguments.add_argument(
        "--unseen", type=Path, nargs="+", action="extend", default=[], metavar="DIR",
        help="renders that no training saw, to pool by; the held-out part of --data if not given",
    )  # fmt: skip
    arguments.add_argument(
        "--captioner", default="embedded", help="a captioner's folder; the embedded one if not given"
    )
    arguments.add_argument("--adapter", default="embedded", help="an adapter's folder; the embedded one if not given")
    parsed = arguments.parse_args()
    recipe = read_recipe(RECIPES / "tagger.yaml")
    made = augmentation(recipe, "strong_augmentation"), restaging(recipe, "strong_restaging")
    settings = Settings(captioner=parsed.captioner, adapter=parsed.adapter, device="cpu", quantize="none")
    folder = fitted_to(settings)
    if not os.access(folder, os.W_OK):
        raise SystemExit(f"{folder} is no folder that can be written to: name a local captioner or adapter.")
    try:
        others = load((), "validation", parsed.unseen) if parsed.unseen else load(parsed.data, "validation")
        parts = Views(load(parsed.data, "train"), *made), Views.strong(others, *made), Views(others)
        if shared := set(parts[0].renders.ids) & set(others.ids):
            raise ValueError(f"--data and --unseen have {len(shared)} renders in common.")
        head, table = fit(Loader(settings).captioner(), EMBEDDED / "tagger", *parts)
        write(head, heads()["types"].labels, folder)
    except (DataMissing, ModelUnavailable, ValueError, OSError) as error:
        raise SystemExit(str(error)) from None
    _tell(folder / CARD_FILE, table)
    print(table)


def _tell(path: Path, table: str) -> None:
    """Put the table in the adapter's card, where it has one with a place for it."""
    if path.is_file():
        try:
            path.write_text(filled(path.read_text(encoding="utf-8"), PLACE, f"{TOLD}\n\n{table}"), encoding="utf-8")
        except CardError as error:
            raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
