"""Deterministic stand-ins for the models, so that tests of the page need no weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from beauty_vlm.analysis import Analysis
from beauty_vlm.intake import load_image
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL
from beauty_vlm.models.loader import ModelUnavailable, Settings
from beauty_vlm.report import Claim, Evidence, Length, Mend, Note, ProductType, Report, Score, Shade, Swatch
from beauty_vlm.writing import notes as noting
from beauty_vlm.writing.judging import Measured

RED = Swatch("cherry red", "#b3202f", (39.1, 55.3, 30.2), 0.72, "warm", "medium")
MEASURED = Evidence(
    "the material measures #b3202f", measured="#b3202f", claimed="#a2728c", delta_e=31.4, region="material"
)
PALE = Swatch("dusty rose", "#d9a1a4", (71.4, 21.5, 9.2), 0.28, "cool", "light")
TOP = tuple(
    Score(label, score)
    for label, score in [
        ("lipstick", 0.83),
        ("lip gloss", 0.09),
        ("lip liner", 0.05),
        ("mascara", 0.02),
        ("other", 0.004),
    ]
)
UNAVAILABLE = "The captioner could not be loaded: its folder is missing."


class FakeAnalyzer:
    """Sees a red lipstick in the middle of every photo; none when `shade_visible` is False."""

    at_once = 1

    def __init__(self, *, shade_visible: bool = True, accepted: bool = True, available: bool = True) -> None:
        self.shade_visible = shade_visible
        self.accepted = accepted
        self.available = available

    def analyze(
        self,
        source: str | Path,
        length: Length = "normal",
        name: str | None = None,
        progress: Callable[[float, str], None] | None = None,
        notes: noting.Given | None = None,
    ) -> Analysis:
        given = noting.read(notes)
        image = load_image(source, name=name)
        if not self.available:
            raise ModelUnavailable(UNAVAILABLE)
        if progress:
            progress(0.5, "Looking at the photo")
        regions = np.full((image.height, image.width), BACKGROUND, dtype=np.uint8)
        if self.shade_visible:
            regions[image.height // 3 : 2 * image.height // 3, image.width // 3 : 2 * image.width // 3] = MATERIAL
        return Analysis(self._report(name, length, given), image, regions)

    def _report(self, name: str | None, length: Length, given: tuple[Note, ...]) -> Report:
        product_type = ProductType("lipstick", 0.83, self.accepted, TOP)
        shade = Shade(True, RED, (RED, PALE)) if self.shade_visible else Shade(False, None, ())
        finish = Score("satin", 0.61)
        description = f"A cherry red lipstick with a satin finish, said at {length} length."
        return Report(
            file=name,
            caption="a red lipstick <b>standing</b> on a white ground",
            description=noting.added(description, given, length),
            product_type=product_type,
            shade=shade,
            finish=finish,
            claims=(
                Claim("cherry red", (2, 12), "colour", "supported", MEASURED, said="mauve"),
                Claim("lipstick", (13, 21), "type", "supported", Evidence("lipstick, 83%", probability=0.83)),
                Claim("satin", (29, 34), "finish", "unseen", Evidence("the photo is too small")),
            ),
            mends=(Mend("mauve", "cherry red", "The material measures #b3202f.", "colour", "contradicted", MEASURED),),
            notes=noting.compared(given, Measured(product_type, shade, finish)) or None,
            models={"captioner": "a captioner", "tagger": "a tagger"},
            timings_ms={"intake": 12.4, "caption": 431.0},
        )


class FakeTagger:
    """Prefers longer labels."""

    def classify(self, image: Image.Image, labels: Sequence[str]) -> list[Score]:
        total = sum(len(label) for label in labels)
        return sorted(
            (Score(label, len(label) / total) for label in labels),
            key=lambda score: score.score,
            reverse=True,
        )

    def product_type(self, image: Image.Image) -> ProductType:
        return ProductType("lipstick", 0.83, True, TOP)


class FakeLoader:
    """Loads the fake tagger, or says that it is unavailable."""

    at_once = 1

    def __init__(self, *, available: bool = True) -> None:
        self.available = available
        self.settings = Settings()

    def compute(self, work: Callable[[], Any]) -> Any:
        return work()

    def requantize(self, mode: str) -> str:
        if not self.available:
            raise ModelUnavailable(UNAVAILABLE)
        self.settings = Settings(quantize=mode)
        return f"{mode}, as chosen."

    def tagger(self) -> FakeTagger:
        if not self.available:
            raise ModelUnavailable(UNAVAILABLE)
        return FakeTagger()
