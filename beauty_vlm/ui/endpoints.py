"""The page's public API: the same photo and settings in, plain records out.

The page's own events return markup and are private. These have no button; clients call them by name, and
their docstrings are what the API page shows. An unusable input is an error with one plain sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar

import gradio as gr

from beauty_vlm.analysis import Analyzer
from beauty_vlm.models.loader import Loader
from beauty_vlm.ui.describe_tab import DescribeTab, checked_length
from beauty_vlm.ui.photo import Upload
from beauty_vlm.ui.queue import model_event, plainly
from beauty_vlm.ui.tag_tab import TagTab, label_scores, product_type

Photo = Mapping[str, Any] | None
T = TypeVar("T")


def add_endpoints(analyzer: Analyzer, loader: Loader, describing: DescribeTab, tagging: TagTab) -> None:
    """Adds "/describe", "/tag" and "/tag_labels" to the page that is being built."""

    def describe(
        photo: Photo,
        length: str = "normal",
        brand: str = "",
        shade_name: str = "",
        ingredients: str = "",
        note: str = "",
    ) -> dict[str, Any]:
        """Describe a photo of a beauty product.

        Returns the record: description, product type, measured shade, finish, packaging, each claim with its
        evidence, what was mended, models and timings. `length` is "short", "normal" or "detailed". What you know
        of the product is said in the description as given by you, and compared with the photo.
        """
        upload = _tried(lambda: Upload.of(photo))
        wanted = checked_length(length)
        notes = {"brand": brand, "shade": shade_name, "ingredients": ingredients, "other": note}
        analysis = _tried(lambda: analyzer.analyze(upload.path, wanted, upload.name, notes=notes))
        return analysis.report.to_dict()

    def tag(photo: Photo) -> dict[str, Any]:
        """Name the product type in a photo: best label, its score, whether it is accepted, the best five."""
        return asdict(_tried(lambda: product_type(loader, photo)))

    def tag_labels(photo: Photo, labels: str) -> list[dict[str, Any]]:
        """Score your own labels, one a line, against a photo: label and probability, best first."""
        return [asdict(score) for score in _tried(lambda: label_scores(loader, photo, labels))]

    record = gr.JSON(visible=False, label="Record")
    shared: dict[str, Any] = {"preprocess": False, **model_event(loader.at_once)}
    gr.on([], describe, [describing.photo, describing.length, *describing.notes], record, api_name="describe", **shared)
    gr.on([], tag, tagging.photo, record, api_name="tag", **shared)
    gr.on([], tag_labels, [tagging.photo, tagging.labels], record, api_name="tag_labels", **shared)


def _tried(step: Callable[[], T]) -> T:
    """The result of `step`; what is wrong with the input becomes an error with its sentence."""
    try:
        return step()
    except Exception as error:
        raise gr.Error(plainly(error), print_exception=False) from error
