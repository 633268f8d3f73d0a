"""Zero-shot scores against their definition, on tiny CLIP and dual-encoder models with random weights."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import tiny_models
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from beauty_vlm.models import loading
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.tagger import MAX_LABEL_LENGTH, MAX_LABELS, Calibration, Tagger, likely_word
from beauty_vlm.report import Score
from beauty_vlm.vocabulary import (
    finishes,
    packaging_materials,
    packaging_states,
    product_types,
    prompt_templates,
    type_groups,
)


def load(folder: Path) -> Tagger:
    return Loader(Settings(tagger=str(folder), device="cpu")).tagger()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_models.save_clip_tagger(tmp_path_factory.mktemp("tagger") / "clip")


@pytest.fixture
def image() -> Image.Image:
    return Image.linear_gradient("L").resize((80, 50)).convert("RGB")


def by_hand(tagger: Tagger, embedding: torch.Tensor, phrasings: list[tuple[str, ...]]) -> list[float]:
    """One class at a time, one text at a time, without padding."""
    model, tokenizer = tagger._model, tiny_models.tokenizer()
    vectors = []
    for phrases in phrasings:
        unit = []
        for phrase in phrases:
            for template in prompt_templates():
                tokens = tokenizer(template.format(phrase), return_tensors="pt")["input_ids"]
                with torch.inference_mode():
                    feature = model.get_text_features(input_ids=tokens).pooler_output[0]
                unit.append(feature / feature.norm())
        mean = torch.stack(unit).mean(dim=0)
        vectors.append(mean / mean.norm())
    return (model.logit_scale.exp() * (torch.stack(vectors) @ embedding)).softmax(dim=0).tolist()


def test_product_types_are_the_prompt_ensemble(folder: Path, image: Image.Image) -> None:
    tagger = load(folder)
    found = tagger.product_type(image)
    expected = by_hand(tagger, tagger.embed(image), [term.phrasings for term in product_types()])
    ranked = sorted(zip(expected, (term.label for term in product_types()), strict=True), reverse=True)[:5]
    assert [score.label for score in found.top] == [label for _, label in ranked]
    assert [score.score for score in found.top] == pytest.approx([score for score, _ in ranked], rel=1e-3)
    assert (found.label, found.score) == (found.top[0].label, found.top[0].score)


def test_typed_labels_are_scored_and_cleaned(folder: Path, image: Image.Image) -> None:
    tagger = load(folder)
    scores = tagger.classify(image, ["red lipstick", "  blue   tube", "", "red lipstick", " "])
    expected = by_hand(tagger, tagger.embed(image), [("red lipstick",), ("blue tube",)])
    assert {score.label: score.score for score in scores} == pytest.approx(
        dict(zip(("red lipstick", "blue tube"), expected, strict=True)), rel=1e-3
    )
    assert scores[0].score >= scores[1].score
    assert sum(score.score for score in scores) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "labels", [[], ["", " "], [f"label {i}" for i in range(MAX_LABELS + 1)], ["x" * (MAX_LABEL_LENGTH + 1)]]
)
def test_unusable_labels_are_one_sentence(folder: Path, image: Image.Image, labels: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^[A-Z][^\n]*\.$"):
        load(folder).classify(image, labels)


def test_braces_in_a_label_are_plain_text(folder: Path, image: Image.Image) -> None:
    assert load(folder).classify(image, ["{0.__class__}", "{}"])


def test_an_embedding_serves_as_the_image(folder: Path, image: Image.Image) -> None:
    tagger = load(folder)
    embedding = tagger.embed(image)
    assert embedding.norm().item() == pytest.approx(1.0, abs=1e-5)
    assert tagger.product_type(embedding) == tagger.product_type(image)
    assert tagger.finish(embedding) == tagger.finish(image)
    assert tagger.finish(embedding).label in {term.label for term in finishes()}


def test_what_does_not_shimmer_is_all_finishes_but_those_that_do(folder: Path, image: Image.Image) -> None:
    tagger = load(folder)
    shares = by_hand(tagger, tagger.embed(image), [term.phrasings for term in finishes()])
    expected = sum(share for share, term in zip(shares, finishes(), strict=True) if not term.shimmers)
    free = tagger.shimmer_free(image)
    assert (free.label, free.score) == ("shimmer-free", pytest.approx(expected, abs=1e-3))


def test_packages_have_a_material_and_a_state(folder: Path, image: Image.Image) -> None:
    tagger = load(folder)
    embedding = tagger.embed(image)
    for found, terms in (
        (tagger.packaging_material(embedding), packaging_materials()),
        (tagger.packaging_state(embedding), packaging_states()),
    ):
        expected = by_hand(tagger, embedding, [term.phrasings for term in terms])
        best = max(range(len(terms)), key=expected.__getitem__)
        assert found == Score(terms[best].label, pytest.approx(expected[best], rel=1e-3))


def test_each_question_has_its_own_temperature(tmp_path: Path, image: Image.Image) -> None:
    flat = load(tiny_models.save_embedded_tagger(tmp_path / "a", {"material_temperature": 1000.0}))
    plain = load(tiny_models.save_embedded_tagger(tmp_path / "b"))
    assert flat.packaging_material(image).score == pytest.approx(1 / len(packaging_materials()), rel=0.05)
    assert flat.packaging_state(image) == plain.packaging_state(image)


def test_the_calibrated_threshold_picks_the_word(tmp_path: Path, image: Image.Image) -> None:
    narrow = load(tiny_models.save_embedded_tagger(tmp_path / "a", {"likely": 0.0})).product_type(image)
    assert narrow.named == Score(narrow.label, narrow.score)
    broad = load(tiny_models.save_embedded_tagger(tmp_path / "b", {"likely": 1.0})).product_type(image)
    groups = [group.name for group in type_groups() if narrow.label in group.types]
    assert broad.word.label == (groups[-1] if groups else narrow.label)


def test_vocabulary_is_embedded_once(folder: Path, image: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = load(folder)
    tagger.product_type(image)
    tagger.finish(image)
    tagger.classify(image, ["a", "b"])
    monkeypatch.setattr(tagger, "_embed_texts", lambda texts: pytest.fail("embedded again"))
    tagger.product_type(image)
    tagger.finish(image)
    tagger.classify(image, ["a", "b"])


@pytest.mark.parametrize("save", [tiny_models.save_clip_tagger, tiny_models.save_embedded_tagger])
def test_stored_classes_are_the_computed_ones(
    save: Callable[[Path], Path], tmp_path: Path, image: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save(tmp_path / "tagger")
    plain = load(folder)
    assert loading.write_class_embeddings(folder) == folder / "classes.safetensors"
    stored = load(folder)
    assert stored._model.text_model is None
    monkeypatch.setattr(Tagger, "_embed_texts", lambda self, texts: pytest.fail("computed anew"))
    embedding = stored.embed(image)
    found = [stored.product_type(embedding), stored.finish(embedding), stored.packaging_material(embedding)]
    found += [stored.packaging_state(embedding), stored.shade_visible(embedding)]
    names = [name for name, value in vars(Tagger).items() if isinstance(value, functools.cached_property)]
    for name in (name for name in names if name.endswith("_classes")):  # every built-in question
        getattr(stored, name)
    monkeypatch.undo()
    assert torch.allclose(embedding, plain.embed(image), atol=1e-6)
    computed = [plain.product_type(embedding), plain.finish(embedding), plain.packaging_material(embedding)]
    assert found == [*computed, plain.packaging_state(embedding), plain.shade_visible(embedding)]


def test_the_text_tower_comes_with_the_first_typed_label(folder: Path, tmp_path: Path, image: Image.Image) -> None:
    plain = load(folder)
    copy = Path(shutil.copytree(folder, tmp_path / "tagger"))
    loading.write_class_embeddings(copy)
    stored = load(copy)
    labels = ["red lipstick", "blue tube"]
    assert stored.classify(image, labels) == plain.classify(image, labels)
    assert stored.similarity(image, "a tube") == pytest.approx(plain.similarity(image, "a tube"), abs=1e-6)


@pytest.mark.parametrize("change", ["weights", "tokenizer", "prompts", "damage"])
def test_stored_classes_that_do_not_fit_are_computed_anew(
    change: str, folder: Path, tmp_path: Path, image: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "tagger"))
    path = loading.write_class_embeddings(copy)
    if change == "weights":
        weights = load_file(copy / "model.safetensors")
        save_file({name: value * 1.1 for name, value in weights.items()}, copy / "model.safetensors", {"format": "pt"})
    elif change == "tokenizer":
        (copy / "tokenizer.json").write_text((copy / "tokenizer.json").read_text() + "\n")
    elif change == "prompts":
        monkeypatch.setattr("beauty_vlm.models.tagger.prompt_templates", lambda: ("the {}",))
    else:
        path.write_bytes(path.read_bytes()[:-5])
    stored = load(copy)
    path.unlink()
    assert stored.product_type(image) == load(copy).product_type(image)


def test_the_embedded_architecture_is_calibrated_from_its_folder(tmp_path: Path, image: Image.Image) -> None:
    plain = load(tiny_models.save_embedded_tagger(tmp_path / "plain")).product_type(image)
    calibration = {"temperature": 1000.0, "accept": 0.0}
    flat = load(tiny_models.save_embedded_tagger(tmp_path / "flat", calibration)).product_type(image)
    assert flat.score == pytest.approx(1 / len(product_types()), rel=0.05)
    assert flat.score <= plain.score
    assert not plain.accepted
    assert flat.accepted == (flat.label != "other")


def test_other_is_never_accepted(folder: Path, image: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    tagger = load(folder)
    tagger._calibration = Calibration(accept=0.0)
    labels = [term.label for term in product_types()]
    embedding = tagger.embed(image)
    others = torch.zeros(len(labels), embedding.shape[0])
    others[labels.index("other")] = embedding
    tagger.__dict__["_type_classes"] = others
    assert tagger.product_type(embedding).label == "other"
    assert not tagger.product_type(embedding).accepted
    tagger.__dict__["_type_classes"] = others.roll(1, dims=0)
    assert tagger.product_type(embedding).label == labels[0]
    assert tagger.product_type(embedding).accepted


def test_what_is_likely_no_product_is_rejected(tmp_path: Path, image: Image.Image) -> None:
    folder = tiny_models.save_embedded_tagger(tmp_path / "tagger", {"temperature": 1000.0, "accept": 1.0})
    tagger = load(folder)  # so flat that "other" has 1/22
    assert not tagger.product_type(image).accepted
    for product, accepted in ((0.9, True), (0.97, False)):
        tagger._calibration = Calibration(temperature=1000.0, accept=1.0, product=product)
        found = tagger.product_type(image)
        assert found.accepted == (accepted and found.label != "other")


@pytest.mark.parametrize("calibration", [{"temperature": 0}, {"state_temperature": -1}, {"accept": "high"}])
def test_a_broken_calibration_is_one_sentence(tmp_path: Path, calibration: dict) -> None:
    with pytest.raises(ModelUnavailable, match="does not load"):
        load(tiny_models.save_embedded_tagger(tmp_path / "tagger", calibration))


@pytest.mark.parametrize(
    ("scores", "word", "share"),
    [
        ({"lipstick": 0.75, "other": 0.25}, "lipstick", 0.75),
        ({"lipstick": 0.45, "lip gloss": 0.4, "other": 0.15}, "lip product", 0.85),
        ({"lipstick": 0.4, "mascara": 0.35, "lip gloss": 0.1, "perfume": 0.15}, "makeup product", 0.85),
        ({"blush": 0.4, "foundation": 0.35, "serum": 0.25}, "face product", 0.75),
        ({"serum": 0.5, "lipstick": 0.4, "other": 0.1}, "beauty product", 0.9),
        ({"serum": 0.4, "lipstick": 0.2, "other": 0.4}, "beauty product", 0.6),  # the broadest is all there is to say
        ({"other": 0.6, "serum": 0.4}, "other", 0.6),
    ],
)
def test_the_narrowest_likely_word_is_said(scores: dict[str, float], word: str, share: float) -> None:
    ranked = [Score(label, score) for label, score in scores.items()]
    assert likely_word(ranked) == Score(word, pytest.approx(share))
