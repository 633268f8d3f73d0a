"""The whole way of one photo, with stand-ins for the models and once with tiny real ones."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
from conftest import Candidate
from PIL import Image

import beauty_vlm
from beauty_vlm.analysis import Analyzer
from beauty_vlm.intake import IntakeError
from beauty_vlm.measurement import light
from beauty_vlm.measurement.regions import BACKGROUND, MATERIAL, PACKAGING, Segmentation
from beauty_vlm.models.loader import Loader, ModelUnavailable, Settings
from beauty_vlm.models.picture import Picture
from beauty_vlm.report import Length, ProductType, Report, Score
from beauty_vlm.writing.judging import Measured
from beauty_vlm.writing.weighing import weigh

PLUM = (107, 43, 87)


class StandIns:
    """Models that see a plum lipstick, or only its package when `material` is False."""

    def __init__(
        self,
        caption: str = "a green lipstick",
        material: bool = True,
        state: float = 0.4,
        visible: float = 0.95,
        label: str = "lipstick",
    ) -> None:
        self.label = label
        self.said, self.material, self.embedded = caption, material, 0
        self.state, self.visible, self.plain, self.satin = Score("closed", state), visible, 0.4, 0.8

    parallel = False
    is_own_captioner = True

    def compute(self, work: Callable[[], Any]) -> Any:
        return work()

    def names(self) -> dict[str, str]:
        return {"captioner": "a stand-in"}

    def captioner(self) -> StandIns:
        return self

    tagger = segmenter = captioner

    def look(self, photo: Picture) -> str:
        return "look"

    def opinion(self, look: str) -> str:
        assert look == "look"
        return "opinion"

    def candidates(self, look: str, length: Length, count: int) -> tuple[Candidate, ...]:
        assert look == "look"
        return Candidate(self.said, -0.5), Candidate("a mascara from acme", -0.5)

    def embed(self, photo: Picture, *closer: Image.Image) -> str:
        assert all(view.width <= photo.image.width for view in closer)
        self.embedded += 1
        return "embedding"

    def product_type(self, embedding: str, second: str) -> ProductType:
        assert (embedding, second) == ("embedding", "opinion")
        return ProductType(self.label, 0.9, True, (Score(self.label, 0.9),))

    def finish(self, embedding: str) -> Score:
        return Score("satin", self.satin)

    def shimmer_free(self, embedding: str) -> Score:
        return Score("shimmer-free", self.plain)

    def packaging_material(self, embedding: str) -> Score:
        return Score("glossy plastic", 0.4)

    def packaging_state(self, embedding: str) -> Score:
        return self.state

    def shade_visible(self, embedding: str) -> Score:
        return Score("shade visible", self.visible)

    def segment(self, photo: Picture) -> Segmentation:
        regions = np.full((photo.image.height, photo.image.width), BACKGROUND, dtype=np.uint8)
        regions[8:56, 8:56] = PACKAGING
        if self.material:
            regions[16:40, 16:40] = MATERIAL
        return Segmentation(regions, 1.0)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    image = Image.new("RGB", (64, 64), "white")
    image.paste((10, 10, 10), (8, 8, 56, 56))
    image.paste(PLUM, (16, 16, 40, 40))
    image.save(tmp_path / "photo.png")
    return tmp_path / "photo.png"


def test_a_photo_becomes_a_record(photo: Path) -> None:
    models = StandIns("a green lipstick in a black tube. the background is white")
    told: list[tuple[float, str]] = []
    analysis = Analyzer(models).analyze(photo, progress=lambda share, text: told.append((share, text)))  # type: ignore[arg-type]
    report = analysis.report
    assert report.status == "ok"
    assert report.file == "photo.png"
    assert report.caption == models.said
    assert report.description == "A plum lipstick in a black tube. The background is white. The finish is satin."
    assert report.shade is not None
    assert report.shade.main is not None
    assert report.shade.main.name == "plum"
    assert report.finish == Score("satin", 0.8)
    assert report.models == {"captioner": "a stand-in"}
    assert report.claims
    assert report.timings_ms is not None
    assert list(report.timings_ms) == ["intake", "load", "look", "segment", "tag", "measure", "caption", "check"]
    assert models.embedded == 1
    assert analysis.image.size == (64, 64)
    assert analysis.regions.shape == (64, 64)
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    json.dumps(report.to_dict())


def test_only_our_own_captioner_makes_a_claim_surer(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []

    def weighed(measured: Measured, caption: str) -> Measured:
        heard.append(caption)
        return weigh(measured, caption)

    monkeypatch.setattr("beauty_vlm.analysis.weigh", weighed)
    models = StandIns("a plum lipstick")
    for own in (True, False):
        models.is_own_captioner = own
        assert Analyzer(models).describe(photo).caption == "a plum lipstick"  # type: ignore[arg-type]
    assert heard == ["a plum lipstick", ""]


def test_that_make_up_does_not_shimmer_is_told_where_it_is_likely(photo: Path) -> None:
    for label, told in (("lipstick", True), ("serum", False)):
        models = StandIns("a green lipstick in a black tube", label=label)
        models.plain, models.satin = 0.9, 0.1
        description = Analyzer(models).analyze(photo).report.description  # type: ignore[arg-type]
        assert description is not None and description.endswith("No shimmer is visible.") is told


def test_specks_of_colour_on_a_closed_package_are_no_shade(photo: Path) -> None:
    models = StandIns("a plum lipstick", state=0.97)
    report = Analyzer(models).describe(photo)  # type: ignore[arg-type]
    assert report.shade is not None and report.shade.visible  # a clear tube shows much of what is in it
    models.visible = 0.1
    models.regions = lambda image: np.where(speck(image), MATERIAL, PACKAGING).astype(np.uint8)  # type: ignore[method-assign]
    report = Analyzer(models).describe(photo)  # type: ignore[arg-type]
    assert report.shade is not None and not report.shade.visible and report.finish is None
    assert report.description is not None and "plum" not in report.description


def speck(image: Image.Image) -> np.ndarray:
    marked = np.zeros((image.height, image.width), dtype=bool)
    marked[20:28, 20:28] = True
    return marked


def test_a_package_alone_has_no_shade_and_no_finish(photo: Path) -> None:
    report = Analyzer(StandIns("a matte plum lipstick", material=False)).describe(photo)  # type: ignore[arg-type]
    assert report.shade is not None
    assert not report.shade.visible
    assert report.shade.main is None
    assert report.finish is None
    assert report.description == "A lipstick. The shade can probably not be seen in this photo."


def test_of_a_photo_without_colours_it_is_said_that_none_can_be_judged(photo: Path) -> None:
    grey = Image.open(photo).convert("L").convert("RGB")
    grey.paste((120, 120, 120), (8, 8, 56, 56))  # not black by nature
    report = Analyzer(StandIns(material=False)).describe(grey)  # type: ignore[arg-type]
    assert report.shade is not None and report.shade.unjudged == light.BLACK_AND_WHITE
    assert report.description == f"A lipstick. {light.BLACK_AND_WHITE}"
    white = Image.new("RGB", (64, 64), "white")  # a white jar on a white ground, which is so in colours too
    report = Analyzer(StandIns(material=False)).describe(white)  # type: ignore[arg-type]
    assert report.shade is not None and report.shade.unjudged is None


def test_a_description_of_any_length_tells_the_same(photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class ByLength(StandIns):
        def candidates(self, look: str, length: Length, count: int) -> tuple[Candidate, ...]:
            return (Candidate({"normal": "a plum lipstick"}.get(length, "a mascara"), -0.5),)

    heard: list[str] = []

    def weighed(measured: Measured, caption: str) -> Measured:
        heard.append(caption)
        return weigh(measured, caption)

    monkeypatch.setattr("beauty_vlm.analysis.weigh", weighed)
    lengths: tuple[Length, ...] = ("short", "normal", "detailed")
    reports = [Analyzer(ByLength()).describe(photo, length) for length in lengths]  # type: ignore[arg-type]
    assert heard == ["a plum lipstick"] * 3
    assert [report.caption for report in reports] == ["a mascara", "a plum lipstick", "a mascara"]
    assert [report.length for report in reports] == [*lengths] and len({report.product_type for report in reports}) == 1


@pytest.mark.parametrize("wrap", [str, Path.read_bytes, lambda path: io.BytesIO(path.read_bytes()), Image.open])
def test_every_kind_of_source_gives_the_same_record(photo: Path, wrap: Callable) -> None:
    analyzer = Analyzer(StandIns())  # type: ignore[arg-type]
    expected = dataclasses.replace(analyzer.describe(photo), file=None, timings_ms=None)
    assert dataclasses.replace(analyzer.describe(wrap(photo)), file=None, timings_ms=None) == expected


def test_a_bad_photo_is_a_record_or_an_error(tmp_path: Path) -> None:
    analyzer = Analyzer(StandIns())  # type: ignore[arg-type]
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"not a photo")
    report = analyzer.describe(bad)
    assert (report.file, report.status) == ("bad.jpg", "unsupported_format")
    assert report.error
    assert report.caption is None
    assert analyzer.describe(tmp_path / "none.jpg", name="shelf/none.jpg").file == "shelf/none.jpg"
    with pytest.raises(IntakeError):
        analyzer.analyze(bad)


def test_missing_models_are_not_taken_for_a_bad_photo(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable):
        Analyzer(Loader(Settings(tagger=str(tmp_path / "empty")))).describe(photo)


def test_untrained_models_still_end_in_plain_sentences(
    photo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_models.save_captioner(tmp_path / "captioner")
    tiny_models.save_adapter(tmp_path / "captioner-lora", tmp_path / "captioner")
    tiny_models.save_embedded_tagger(tmp_path / "tagger")
    tiny_models.save_segmenter(tmp_path / "segmenter")
    monkeypatch.setattr("beauty_vlm.models.source.EMBEDDED", tmp_path)
    monkeypatch.setenv("BEAUTY_VLM_DEVICE", "cpu")
    beauty_vlm._analyzer.cache_clear()
    for length in ("short", "normal", "detailed"):
        report = beauty_vlm.describe(photo, length)
        assert isinstance(report, Report)
        assert report.description
        assert report.description.endswith(".")
        assert report.models
        assert report.models["captioner"] == "embedded + captioner-lora"
    beauty_vlm._analyzer.cache_clear()


def test_a_length_that_there_is_not_is_a_sentence(photo: Path) -> None:
    with pytest.raises(ValueError, match="There is no length 'long': choose one of short, normal, detailed"):
        Analyzer(StandIns()).analyze(photo, "long")  # type: ignore[arg-type]
