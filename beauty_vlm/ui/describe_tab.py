"""The Describe tab: a photo in; its description, shade, product type and finish out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any, cast

import gradio as gr
from gradio.processing_utils import save_bytes_to_cache

from beauty_vlm.analysis import Analysis, Analyzer
from beauty_vlm.report import Length, Report
from beauty_vlm.ui import panels
from beauty_vlm.ui.markup import message, of_photo
from beauty_vlm.ui.photo import Upload, example_row, photo_input, point_out_earlier
from beauty_vlm.ui.places import places
from beauty_vlm.ui.queue import model_event, plainly
from beauty_vlm.ui.told import SCRIPT, told
from beauty_vlm.ui.why import why_panel
from beauty_vlm.writing.headline import called_finish, called_shade
from beauty_vlm.writing.notes import LONGEST

LENGTHS: tuple[tuple[str, Length], ...] = (("Short", "short"), ("Normal", "normal"), ("Detailed", "detailed"))
FILE_STEM_BYTES = 180  # of the photo's name kept in the record's file name: file systems hold 255 a name

# On a phone the results, and the progress, would be out of sight below the photo.
SHOW_ANSWERS = """() => {
  if (window.innerWidth < 768) {
    document.getElementById("bv-answers").scrollIntoView({behavior: "smooth"});
  }
}"""

COPY_LABEL = "Copy description"
COPY = """async () => {
  const said = document.querySelector("#bv-answers .bv-said").innerText;
  return (await window.bvCopy(said)) ? "Copied" : "Copying failed";
}"""
COPY_AGAIN = f"""() => new Promise((done) => setTimeout(() => done("{COPY_LABEL}"), 1500))"""

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
                with gr.Accordion("What you know about it", open=False, elem_classes="bv-notes"):
                    self.notes = self._build_notes()
                self.button = gr.Button("Describe", variant="primary", size="lg")
                examples = example_row(self.photo)
            with gr.Column(scale=7, min_width=320, elem_id="bv-answers", elem_classes="bv-answers"):
                self.note = gr.HTML(panels.welcome(), elem_classes="bv-wait")
                with gr.Column(visible=False) as self.results:
                    self._build_results()
        self.button.click(None, js=SHOW_ANSWERS)
        copied = self.copy.click(None, outputs=self.copy, js=COPY)
        copied.then(None, outputs=self.copy, js=COPY_AGAIN)
        shown = [self.button.click(self.show, **self._event())]
        if examples:
            shown.append(examples.load_input_event.then(self.show, **self._event()))
        point_out_earlier(self.photo, shown, "#bv-answers")
        for answered in shown:  # before the answer the page may be too short to scroll there
            answered.then(None, js=SHOW_ANSWERS)

    def _build_notes(self) -> list[gr.components.Component]:
        """One text for each kind of note, in the order of LONGEST."""
        gr.Markdown("Said in the description as yours, and compared with the photo.", elem_classes="bv-quiet")
        with gr.Row():
            names = [
                gr.Textbox("", label=label, max_length=LONGEST[kind], max_lines=1, min_width=120)
                for kind, label in (("brand", "Brand"), ("shade", "Shade name"))
            ]
        return [
            *names,
            gr.Textbox("", label="Ingredients", max_length=LONGEST["ingredients"], lines=2, max_lines=6),
            gr.Textbox("", label="Anything else", max_length=LONGEST["other"], lines=1, max_lines=4),
        ]

    def _build_results(self) -> None:
        script = SCRIPT.read_text(encoding="utf-8")
        self.told = gr.HTML(elem_classes="bv-description", js_on_load=script)
        with gr.Row():
            self.copy = gr.Button(COPY_LABEL, size="sm", min_width=120)
            self.download = gr.DownloadButton("Download JSON", size="sm", min_width=120)
        self.shade = gr.HTML()
        with gr.Row(equal_height=False):
            with gr.Column(min_width=240):
                self.product = gr.HTML()
            with gr.Column(min_width=240):
                self.finish = gr.HTML()
                self.packaging = gr.HTML()
        self.why = gr.HTML()
        with gr.Accordion("Models and timings", open=False):
            self.details = gr.HTML()

    @property
    def _outputs(self) -> list[gr.components.Component | gr.Column]:
        answers = [self.told, self.shade, self.product, self.finish, self.packaging, self.why]
        return [self.note, self.results, *answers, self.download, self.details]

    def _event(self) -> dict[str, Any]:
        return {
            "inputs": [self.photo, self.length, *self.notes],
            "outputs": self._outputs,
            "show_progress_on": [self.note, self.told],  # one of the two is visible
            "preprocess": False,
            "api_visibility": "private",  # the record itself is served by `beauty_vlm.ui.endpoints`
            **model_event(self.analyzer.at_once),
        }

    def show(
        self,
        photo: Mapping[str, Any] | None,
        length: str,
        brand: str = "",
        shade: str = "",
        ingredients: str = "",
        other: str = "",
        progress: gr.Progress = PROGRESS,
    ) -> tuple[Any, ...]:
        """Values for the outputs: the results, or one plain sentence and no results."""
        try:
            upload = Upload.of(photo)
            analysis = self.analyzer.analyze(
                upload.path,
                length=checked_length(length),
                name=upload.name,
                progress=lambda done, step: progress(done, desc=step),
                notes={"brand": brand, "shade": shade, "ingredients": ingredients, "other": other},
            )
        except Exception as error:
            return self._failure(plainly(error))
        return self._success(analysis, upload)

    def _failure(self, sentence: str) -> tuple[Any, ...]:
        nothing_shown = gr.update(visible=False)
        shown = gr.update(value=message(sentence), visible=True)
        return (shown, nothing_shown, *[""] * 6, None, "")

    def _success(self, analysis: Analysis, upload: Upload) -> tuple[Any, ...]:
        report = analysis.report
        return (
            gr.update(value="", visible=False),
            gr.update(visible=True),
            of_photo(upload.name, upload.address_end) + told(report, places(analysis.image, analysis.regions)),
            panels.shade_panel(report.shade, called_shade(report)),
            panels.product_panel(report.product_type),
            panels.finish_panel(called_finish(report)),
            panels.packaging_panel(report.packaging),
            why_panel(report),
            record_file(report, self.download.GRADIO_CACHE),
            panels.details_panel(report),
        )


def checked_length(length: str) -> Length:
    """`length` when it is one of the three. Raises gr.Error otherwise: only a client sends another."""
    if length not in [value for _, value in LENGTHS]:
        raise gr.Error("The length is one of: short, normal, detailed.")
    return cast(Length, length)


def record_file(report: Report, folder: str) -> str:
    """Path of a new JSON file of the record in `folder`, gradio's cache, named after the photo."""
    text = json.dumps(report.to_dict(), ensure_ascii=False, indent=2)
    return save_bytes_to_cache(text.encode(), record_name(report.file), folder)


def record_name(photo: str | None) -> str:
    """File name of the record of `photo`: letters, digits, dots and dashes only."""
    stem = re.sub(r"[^\w.-]+", "-", PurePath(photo or "").stem)
    stem = stem.encode(errors="ignore")[:FILE_STEM_BYTES].decode(errors="ignore").strip("-._")
    return f"{stem or 'photo'}-description.json"
