"""The Describe tab: a photo in; its description, shade, product type and finish out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, cast

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache
from PIL import Image

from beauty_vlm import overlay
from beauty_vlm.analysis import Analysis, Analyzer
from beauty_vlm.intake import IntakeError
from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.report import Length, Report
from beauty_vlm.ui import panels
from beauty_vlm.ui.photo import Upload, example_row, photo_input
from beauty_vlm.ui.queue import MODEL_EVENT

LENGTHS: tuple[tuple[str, Length], ...] = (("Short", "short"), ("Normal", "normal"), ("Detailed", "detailed"))
OVERLAY_SIDE = 1024  # px: more than the page ever shows, and keeps a large photo's overlay quick to load
OVERLAY_HEIGHT = 300  # px: about as tall as the two boxes beside it
FILE_STEM_LENGTH = 60  # characters of the photo's name kept in the record's file name

# On a phone the results, and the progress, would be out of sight below the photo.
SHOW_ANSWERS = """() => {
  if (window.innerWidth < 768) {
    document.getElementById("bv-answers").scrollIntoView({behavior: "smooth"});
  }
}"""

COPY = """() => navigator.clipboard.writeText(document.querySelector("#bv-answers .bv-said").innerText)"""

# Gradio replaces this default by a tracker of the running event.
PROGRESS = gr.Progress()


class DescribeTab:
    """The tab's components and its event. Built inside `gr.Blocks`."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.analyzer = analyzer
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320):
                self.photo = photo_input()
                self.length = gr.Radio(list(LENGTHS), value="normal", label="Length", elem_classes="bv-length")
                self.button = gr.Button("Describe", variant="primary", size="lg")
                examples = example_row(self.photo)
            with gr.Column(scale=7, min_width=320, elem_id="bv-answers"):
                self.note = gr.HTML(panels.welcome(), elem_classes="bv-wait")
                with gr.Column(visible=False) as self.results:
                    self._build_results()
        self.button.click(None, js=SHOW_ANSWERS)
        self.copy.click(None, js=COPY)
        self.button.click(self.show, **self._event())
        if examples:
            examples.load_input_event.then(self.show, **self._event())

    def _build_results(self) -> None:
        self.description = gr.HTML(elem_classes="bv-description")
        self.shade = gr.HTML()
        with gr.Row(equal_height=False):
            with gr.Column(min_width=240):
                self.product = gr.HTML()
                self.finish = gr.HTML()
            with gr.Column(min_width=240):
                self.overlay = gr.Image(
                    label="Where the shade was measured",
                    interactive=False,
                    height=OVERLAY_HEIGHT,
                    buttons=["fullscreen"],
                    alt_text="The photo with the measured part marked",
                    elem_classes="bv-picture",
                )
        with gr.Row():
            self.copy = gr.Button("Copy description", size="md")
            self.download = gr.DownloadButton("Download JSON", size="md")
        with gr.Accordion("Caption, checks and timings", open=False):
            self.details = gr.HTML()

    @property
    def _outputs(self) -> list[gr.components.Component | gr.Column]:
        answers = [self.description, self.shade, self.product, self.finish, self.overlay]
        return [self.note, self.results, *answers, self.download, self.details]

    def _event(self) -> dict[str, Any]:
        return {
            "inputs": [self.photo, self.length],
            "outputs": self._outputs,
            "show_progress_on": [self.note, self.description],  # one of the two is visible
            "preprocess": False,
            "api_visibility": "private",  # the record itself is served by `beauty_vlm.ui.endpoints`
            **MODEL_EVENT,
        }

    def show(self, photo: Mapping[str, Any] | None, length: str, progress: gr.Progress = PROGRESS) -> tuple[Any, ...]:
        """Values for the outputs: the results, or one plain sentence and no results."""
        try:
            upload = Upload.of(photo)
            analysis = self.analyzer.analyze(
                upload.path,
                length=checked_length(length),
                name=upload.name,
                progress=lambda done, step: progress(done, desc=step),
            )
        except (IntakeError, ModelUnavailable) as error:
            return self._failure(str(error))
        return self._success(analysis)

    def _failure(self, sentence: str) -> tuple[Any, ...]:
        nothing_shown = gr.update(visible=False)
        shown = gr.update(value=panels.message(sentence), visible=True)
        return (shown, nothing_shown, "", "", "", "", None, None, "")

    def _success(self, analysis: Analysis) -> tuple[Any, ...]:
        report = analysis.report
        return (
            gr.update(value="", visible=False),
            gr.update(visible=True),
            panels.description_panel(report.description or "", report.claims or ()),
            panels.shade_panel(report.shade),
            panels.product_panel(report.product_type),
            panels.finish_panel(report.finish),
            gr.update(value=measured_place(analysis), visible=bool(report.shade and report.shade.visible)),
            record_file(report, self.download.GRADIO_CACHE),
            panels.details_panel(report),
        )


def checked_length(length: str) -> Length:
    """`length` when it is one of the three. Raises gr.Error otherwise: only a client sends another."""
    if length not in [value for _, value in LENGTHS]:
        raise gr.Error("The length is one of: short, normal, detailed.")
    return cast(Length, length)


def measured_place(analysis: Analysis) -> Image.Image:
    """The photo with the measured regions marked, at most OVERLAY_SIDE a side."""
    picture = overlay.draw(analysis.image, analysis.regions)
    picture.thumbnail((OVERLAY_SIDE, OVERLAY_SIDE))
    return picture


def record_file(report: Report, folder: str) -> str:
    """Path of a new JSON file of the record in `folder`, gradio's cache, named after the photo."""
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2)
    return save_bytes_to_cache(text.encode(), record_name(report.file), folder)


def record_name(photo: str | None) -> str:
    """File name of the record of `photo`: letters, digits, dots and dashes only."""
    stem = re.sub(r"[^\w.-]+", "-", PurePath(photo or "").stem)[:FILE_STEM_LENGTH].strip("-._")
    return f"{stem or 'photo'}-description.json"
