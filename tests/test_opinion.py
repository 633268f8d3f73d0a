"""The second opinion on the product type: its file, how it is pooled, and how it is fitted."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
import torch
from PIL import Image
from safetensors.torch import save_file

from beauty_vlm.models import opinion
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.opinion import Opinion, Pool, TypeHead
from beauty_vlm.vocabulary import OTHER, product_types

LABELS = [term.label for term in product_types()]
WIDTH = 64  # of the tiny captioner


def head(seed: int = 0, pool: Pool | None = None) -> TypeHead:
    numbers = torch.Generator().manual_seed(seed)
    weight = torch.randn(len(LABELS), 2 * WIDTH, generator=numbers).half().float()
    return TypeHead(weight, torch.randn(len(LABELS), generator=numbers), pool or Pool(0.5, 0.3, 0.8))


def says(label: str, pool: Pool) -> Opinion:
    """Sure of one type."""
    return Opinion(torch.tensor([0.0 if name == label else -20.0 for name in LABELS]), pool)


def test_a_head_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = head()
    turned = TypeHead(made.weight.T.contiguous().T, made.bias, made.pool)  # as a fit leaves it, rows not together
    read = opinion.read(opinion.write(turned, LABELS, tmp_path), LABELS)
    assert read is not None and read.pool == made.pool
    assert torch.equal(read.weight, made.weight) and torch.equal(read.bias, made.bias)


def test_a_head_of_another_vocabulary_has_no_opinion(tmp_path: Path) -> None:
    path = opinion.write(head(), LABELS, tmp_path)
    assert opinion.read(path, [*LABELS[1:], LABELS[0]]) is None
    assert opinion.read(path, LABELS[1:]) is None


def test_a_head_of_another_shape_is_refused(tmp_path: Path) -> None:
    bad = TypeHead(torch.zeros(3, 4), torch.zeros(3), Pool(1.0, 1.0, 0.5))
    with pytest.raises(ValueError, match="another shape"):
        opinion.read(opinion.write(bad, LABELS, tmp_path), LABELS)


def test_an_opinion_is_of_the_whole_and_the_patches_mean() -> None:
    states, made = torch.randn(5, WIDTH), head()
    seen = torch.cat([states[0], states[1:].mean(dim=0)])
    found = made(states)
    assert torch.allclose(found.log_probabilities, (made.weight @ seen + made.bias).log_softmax(dim=0), atol=1e-5)
    assert math.isclose(float(found.log_probabilities.exp().sum()), 1.0, rel_tol=1e-5)


class TestPooling:
    @pytest.fixture(scope="class")
    def folder(self, tmp_path_factory: pytest.TempPathFactory) -> Path:
        return tiny_models.save_clip_tagger(tmp_path_factory.mktemp("tagger") / "clip")

    @pytest.fixture
    def image(self) -> Image.Image:
        return Image.linear_gradient("L").convert("RGB")

    def test_one_that_weighs_nothing_changes_nothing(self, folder: Path, image: Image.Image) -> None:
        tagger = Loader(Settings(tagger=str(folder), device="cpu")).tagger()
        alone = tagger.product_type(image)
        assert tagger.product_type(image, says("serum", Pool(1.0, 0.0, 0.0))).top == alone.top

    def test_one_that_is_sure_prevails_where_it_weighs(self, folder: Path, image: Image.Image) -> None:
        tagger = Loader(Settings(tagger=str(folder), device="cpu")).tagger()
        for label in ("serum", "blush"):
            found = tagger.product_type(image, says(label, Pool(0.01, 1.0, 0.5)))
            assert (found.label, found.accepted) == (label, True) and found.score > 0.99
        assert not tagger.product_type(image, says(OTHER, Pool(0.01, 1.0, 0.5))).accepted

    def test_the_pools_own_threshold_accepts(self, folder: Path, image: Image.Image) -> None:
        tagger = Loader(Settings(tagger=str(folder), device="cpu")).tagger()
        even = Opinion(torch.zeros(len(LABELS)), Pool(0.0, 1.0, 0.0))
        assert tagger.product_type(image, even).score == pytest.approx(1 / len(LABELS), abs=1e-3)
        strict = Opinion(even.log_probabilities, Pool(0.0, 1.0, 0.999))
        assert not tagger.product_type(image, strict).accepted


class TestLoading:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        captioner = tiny_models.save_captioner(tmp_path / "captioner")
        opinion.write(head(), LABELS, captioner)
        return captioner

    def test_it_comes_with_the_captioner_beside_our_own_tagger_only(self, folder: Path, tmp_path: Path) -> None:
        image, chosen = (
            Image.new("RGB", (40, 40), "red"),
            {"captioner": str(folder), "adapter": "none", "device": "cpu"},
        )
        captioner = Loader(Settings(**chosen)).captioner()
        found = captioner.opinion(image)
        assert found is not None and torch.equal(
            found.log_probabilities, head()(captioner.look(image)).log_probabilities
        )
        assert Loader(Settings(**chosen, tagger=str(tmp_path / "another"))).captioner().opinion(image) is None

    def test_it_is_fitted_to_what_the_captioner_sees(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        datasets_of = pytest.importorskip("finetune.opinion", reason="needs requirements-train.txt")
        captioner = Loader(Settings(captioner=str(folder), adapter="none", device="cpu")).captioner()
        size = captioner.pixels(Image.new("RGB", (9, 9))).shape[-1]
        picture = Image.linear_gradient("L").convert("RGB").resize((size, size))

        class Seen:
            def batches(self, side: int) -> list[torch.Tensor]:
                assert side == size
                return [torch.from_numpy(np.asarray(picture)).permute(2, 0, 1)[None] / 255]

        found = torch.from_numpy(datasets_of.summaries(captioner, Seen()))
        assert torch.allclose(found[0], opinion.summary(captioner.look(picture)[None])[0], atol=1e-4)

    def test_an_adapter_without_one_has_another_tower(self, folder: Path, tmp_path: Path) -> None:
        adapter = tiny_models.save_adapter(tmp_path / "adapter", folder)
        settings = Settings(captioner=str(folder), adapter=str(adapter), device="cpu")
        assert Loader(settings).captioner().opinion(Image.new("RGB", (40, 40))) is None
        shutil.copy(folder / opinion.FILE, adapter)
        assert Loader(settings).captioner().opinion(Image.new("RGB", (40, 40))) is not None

    def test_a_damaged_one_is_one_plain_sentence(self, folder: Path) -> None:
        save_file({"weight": torch.zeros(1)}, folder / opinion.FILE)
        settings = Settings(captioner=str(folder), adapter="none", device="cpu")
        with pytest.raises(ModelUnavailable, match="does not load"):
            Loader(settings).captioner()

    def test_what_was_looked_at_is_described_as_the_photo_is(self, folder: Path) -> None:
        captioner = Loader(Settings(captioner=str(folder), adapter="none", device="cpu")).captioner()
        image = Image.linear_gradient("L").convert("RGB")
        assert captioner.candidates(captioner.look(image), "normal", 2) == captioner.candidates(image, "normal", 2)


class TestFitting:
    def test_the_classifier_tells_apart_what_can_be(self) -> None:
        fitting = pytest.importorskip("finetune.opinion")
        numbers = np.random.default_rng(0)
        types = np.repeat(np.arange(3), [200, 40, 40])
        states = (numbers.normal(size=(280, 8)) + 4 * np.eye(8)[types] * 3).astype(np.float32) * 7 + 100
        weight, bias = fitting.classifier(states, types, 1.0, 3)
        said = (torch.from_numpy(states) @ weight.T + bias).argmax(dim=1).numpy()
        assert (said == types).mean() > 0.98
        with pytest.raises(ValueError, match="lack"):
            fitting.classifier(states, types, 1.0, 4)

    def test_each_opinion_is_weighed_by_what_it_is_worth(self) -> None:
        fitting = pytest.importorskip("finetune.opinion")
        numbers = torch.Generator().manual_seed(0)
        truth = torch.randint(4, (4000,), generator=numbers)
        good = 2.0 * torch.nn.functional.one_hot(truth, 4) + torch.randn(4000, 4, generator=numbers)
        noise = torch.randn(4000, 4, generator=numbers)
        own, other = fitting.pooled(good, noise, truth)
        assert own == pytest.approx(2.0, abs=0.3) and other == pytest.approx(0.0, abs=0.1)
        own, other = fitting.pooled(noise, good, truth)
        assert own == pytest.approx(0.0, abs=0.1) and other == pytest.approx(2.0, abs=0.3)

    def test_two_that_say_the_same_are_no_surer_together(self) -> None:
        fitting = pytest.importorskip("finetune.opinion")
        numbers = torch.Generator().manual_seed(0)
        truth = torch.randint(4, (4000,), generator=numbers)
        said = 2.0 * torch.nn.functional.one_hot(truth, 4) + torch.randn(4000, 4, generator=numbers)
        assert sum(fitting.pooled(said, said, truth)) == pytest.approx(2.0, abs=0.3)

    def test_it_belongs_to_the_adapter_or_to_the_captioner_without_one(self) -> None:
        fitting = pytest.importorskip("finetune.opinion")
        assert fitting.fitted_to(Settings()) == fitting.EMBEDDED / "captioner-lora"
        assert fitting.fitted_to(Settings(adapter="none")) == fitting.EMBEDDED / "captioner"
        assert fitting.fitted_to(Settings(captioner="mine")) == Path("mine")
        assert fitting.fitted_to(Settings(captioner="mine", adapter="yours")) == Path("yours")

    def test_a_head_fitted_to_renders_is_written_and_read(self, tmp_path: Path) -> None:
        fitting = pytest.importorskip("finetune.opinion")
        captioner = tiny_models.save_captioner(tmp_path / "captioner")
        tagger = tiny_models.save_embedded_tagger(tmp_path / "tagger")
        settings = Settings(captioner=str(captioner), adapter="none", device="cpu")
        strong = pytest.importorskip("finetune.augmentation").Augmentation()
        unseen = fitting.Views(coloured(3, 1), strong, times=2)
        parts = fitting.Views(coloured(3, 0), strong), unseen, fitting.Views(unseen.renders)
        made, table = fitting.fit(Loader(settings).captioner(), tagger, *parts)
        read = opinion.read(opinion.write(made, LABELS, captioner), LABELS)
        assert read is not None and read.pool == made.pool
        assert f"| both | {3 * len(LABELS) * 2} |" in table
        assert Loader(settings).captioner().opinion(Image.new("RGB", (40, 40), "red")) is not None


def coloured(count: int, seed: int) -> Any:
    """`count` pictures of each product type, of one colour and noise."""
    from data.shards import LENGTHS
    from finetune.dataset import Renders
    from finetune.packaging import PackagingTruth

    numbers, names = np.random.default_rng(seed), LABELS * count
    colours = np.stack([np.random.default_rng(LABELS.index(name)).integers(40, 215, 3) for name in names])
    noise = numbers.integers(-30, 30, (len(names), 48, 48, 3))
    return Renders(
        ids=tuple(f"{seed}-{k}" for k in range(len(names))),
        images=(colours[:, None, None] + noise).clip(0, 255).astype(np.uint8),
        regions=np.zeros((len(names), 48, 48), np.uint8),
        product_types=tuple(names),
        finishes=("",) * len(names),
        shades=("",) * len(names),
        packages=(PackagingTruth("", "", ""),) * len(names),
        captions={length: ("",) * len(names) for length in LENGTHS},
    )
