"""Shared fixtures: stand-ins for the three models that need no weights, and photos whose right answer is
known.

The stand-ins look only at a photo's middle: a reddish middle is a lipstick, a greenish one a skincare cream,
a bluish one a nail polish, a nearly black one nothing at all. The measured shade is the middle's own colour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from PIL import Image

from beauty_vlm.colour import lab_to_hex, srgb_to_lab
from beauty_vlm.intake import IntakeError, load_image
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING, Segmentation
from beauty_vlm.models.loader import Settings
from beauty_vlm.models.picture import Picture
from beauty_vlm.report import Length, ProductType, Report, Score, Shade, Swatch
from beauty_vlm.writing.reliability import Reliability, Witnesses

TYPES = ("lipstick", "skincare cream", "nail polish", "mascara", "other")
# Whoever measures is believed: what tests expect does not change with the fitted weights.
BELIEVED = Reliability(
    shade=Witnesses(20.0, {}),
    package_colour=Witnesses(20.0, {}),
    material=Witnesses(bar=0.7),
    state=Witnesses(bar=0.7),
)


@pytest.fixture(autouse=True)
def believed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Analyses weigh by BELIEVED."""
    monkeypatch.setattr("beauty_vlm.writing.weighing.reliability", lambda: BELIEVED)


FINISHES = ("matte", "satin", "glossy")
MATERIALS = ("metal", "glossy plastic", "clear glass or plastic")
STATES = ("open", "closed", "swatch")
DARK = 20  # 0..255: a middle darker than this shows no product


def middle(image: Image.Image) -> np.ndarray:
    """The mean colour of the middle half, (3,) in 0..255."""
    width, height = image.size
    box = (width // 4, height // 4, width * 3 // 4, height * 3 // 4)
    return np.asarray(image.convert("RGB").crop(box)).mean((0, 1))


class Candidate(NamedTuple):
    """As `beauty_vlm.models.captioner.Candidate`, without torch."""

    text: str
    log_probability: float


class FakeCaptioner:
    """Says its length and the size of the photo."""

    def look(self, photo: Picture) -> Image.Image:
        return photo.image

    def opinion(self, image: Image.Image) -> None:
        return None

    def caption(self, image: Image.Image, length: Length = "normal") -> str:
        return f"a {length} caption of {image.width} by {image.height} pixels"

    def candidates(self, image: Image.Image, length: Length = "normal", count: int = 1) -> tuple[Candidate, ...]:
        return (Candidate(self.caption(image, length), -0.5),)


class FakeTagger:
    """Scores are 0.7 for the rule's answer and the rest shared among the other labels."""

    def embed(self, photo: Picture, *closer: Image.Image) -> Image.Image:
        return photo.image

    def classify(self, image: Image.Image, labels: Sequence[str]) -> list[Score]:
        first = int(middle(image).argmax()) % len(labels)
        rest = 0.3 / max(1, len(labels) - 1)
        scores = [Score(label, 0.7 if index == first else rest) for index, label in enumerate(labels)]
        return sorted(scores, key=lambda score: -score.score)

    def product_type(self, image: Image.Image, second: None = None) -> ProductType:
        top = tuple(self.classify(image, TYPES))
        return ProductType(top[0].label, top[0].score, bool(middle(image).max() >= DARK), top)

    def finish(self, image: Image.Image) -> Score:
        return self.classify(image, FINISHES)[0]

    def shimmer_free(self, image: Image.Image) -> Score:
        return Score("shimmer-free", 0.5)

    def packaging_material(self, image: Image.Image) -> Score:
        return self.classify(image, MATERIALS)[0]

    def packaging_state(self, image: Image.Image) -> Score:
        return self.classify(image, STATES)[0]

    def shade_visible(self, image: Image.Image) -> Score:
        return Score("shade visible", 0.98 if middle(image).max() >= DARK else 0.02)


class FakeSegmenter:
    """Material in the middle half (none when it is dark), packaging around it, background at the outermost
    eighth."""

    def segment(self, photo: Picture) -> Segmentation:
        image = photo.image
        width, height = image.size
        regions = np.full((height, width), BACKGROUND, dtype=np.uint8)
        regions[height // 8 : height * 7 // 8, width // 8 : width * 7 // 8] = PACKAGING
        if middle(image).max() >= DARK:
            regions[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4] = MATERIAL
        return Segmentation(regions, 1.0)


class FakeLoader:
    """Stands where `beauty_vlm.models.loader.Loader` does; `Analyzer(FakeLoader())` runs without weights."""

    parallel = False
    at_once = 1
    is_own_captioner = True
    settings = Settings()

    def compute(self, work: Callable[[], Any]) -> Any:
        return work()

    def captioner(self) -> FakeCaptioner:
        return FakeCaptioner()

    def tagger(self) -> FakeTagger:
        return FakeTagger()

    def segmenter(self) -> FakeSegmenter:
        return FakeSegmenter()

    def names(self) -> dict[str, str]:
        return {"captioner": "fake", "tagger": "fake", "segmenter": "fake"}

    def loaded(self) -> tuple[str, ...]:
        return ("captioner", "tagger", "segmenter")


class FakeAnalyzer:
    """`describe` as `beauty_vlm.analysis.Analyzer` has it, from the stand-ins. `seen` lists what it was asked
    for."""

    def __init__(self) -> None:
        self.seen: list[str | None] = []

    def describe(self, source: Any, length: Length = "normal", name: str | None = None) -> Report:
        self.seen.append(name)
        try:
            image = load_image(source, name=name)
        except IntakeError as error:
            return Report.failure(name, error.status, str(error))
        lightness, a, b = (float(value) for value in srgb_to_lab(middle(image) / 255))
        lab = (lightness, a, b)
        swatch = Swatch("test shade", lab_to_hex(lab), lab, 1.0, "neutral", "medium")
        visible = bool(middle(image).max() >= DARK)
        caption = FakeCaptioner().caption(image, length)
        return Report(
            file=name,
            caption=caption,
            description=caption.capitalize() + ".",
            product_type=FakeTagger().product_type(image),
            shade=Shade(visible, swatch, (swatch,)) if visible else Shade(False, None, ()),
            finish=FakeTagger().finish(image),
        )


@pytest.fixture
def fake_analyzer() -> FakeAnalyzer:
    return FakeAnalyzer()


@pytest.fixture
def fake_loader() -> FakeLoader:
    return FakeLoader()


@pytest.fixture
def photo(tmp_path: Path) -> Callable[..., Path]:
    """`photo("a/b.png", "red")` writes a flat photo into the test's own folder and returns its path."""

    def write(name: str, colour: str = "red", size: tuple[int, int] = (64, 48)) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", size, colour).save(path)
        return path

    return write
