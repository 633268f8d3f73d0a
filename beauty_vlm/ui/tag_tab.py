"""The Tag tab: the product type of a photo, or how well the reader's own labels fit it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from beauty_vlm.intake import load_image
from beauty_vlm.models.loader import Loader
from beauty_vlm.report import ProductType, Score
from beauty_vlm.ui import panels
from beauty_vlm.ui.labels import read_labels
from beauty_vlm.ui.markup import message, of_photo
from beauty_vlm.ui.photo import Upload, example_row, photo_input, point_out_earlier
from beauty_vlm.ui.queue import model_event, plainly

WELCOME = "Add a photo: its product type appears here."
WELCOME_LABELS = "Type labels of your own, one a line, to see how well each fits the photo."
ANSWERS = ["bv-wait", "bv-answers", "bv-tag"]
PLACEHOLDER = "matte lipstick\nglossy lip tint\nlip liner pencil"


class TagTab:
    """The tab's components and its events. Built inside `gr.Blocks`."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320):
                self.photo = photo_input()
                self.tag_button = gr.Button("Tag", variant="primary", size="lg")
                example_row(self.photo)
            with gr.Column(scale=7, min_width=320):
                self.product = gr.HTML(panels.welcome(WELCOME), elem_classes=ANSWERS)
                self.labels = gr.Textbox(
                    label="Your labels, one a line", lines=4, max_lines=12, placeholder=PLACEHOLDER
                )
                self.labels_button = gr.Button("Compare labels")
                self.scores = gr.HTML(panels.welcome(WELCOME_LABELS), elem_classes=ANSWERS)
        shared = {"preprocess": False, "api_visibility": "private", **model_event(loader.at_once)}
        tagged = self.tag_button.click(self.show_type, self.photo, self.product, **shared)
        scored = self.labels_button.click(self.show_scores, [self.photo, self.labels], self.scores, **shared)
        point_out_earlier(self.photo, (tagged, scored), ".bv-tag")

    def show_type(self, photo: Mapping[str, Any] | None) -> str:
        """The product type as HTML, or a plain sentence."""
        try:
            return _of(photo) + panels.product_panel(product_type(self.loader, photo))
        except Exception as error:
            return message(plainly(error))

    def show_scores(self, photo: Mapping[str, Any] | None, labels: str | None) -> str:
        """The scores of the reader's labels as HTML, or a plain sentence."""
        try:
            return _of(photo) + panels.scores_panel(label_scores(self.loader, photo, labels))
        except Exception as error:
            return message(plainly(error))


def _of(photo: Mapping[str, Any] | None) -> str:
    upload = Upload.of(photo)
    return of_photo(upload.name, upload.address_end)


def product_type(loader: Loader, photo: Mapping[str, Any] | None) -> ProductType:
    """The product type of an uploaded photo. Raises IntakeError, ModelUnavailable."""
    upload = Upload.of(photo)
    image = load_image(upload.path, name=upload.name)
    return loader.compute(lambda: loader.tagger().product_type(image))


def label_scores(loader: Loader, photo: Mapping[str, Any] | None, labels: str | None) -> list[Score]:
    """Scores of the labels in `labels`, best first. Raises LabelError, IntakeError, ModelUnavailable."""
    upload = Upload.of(photo)
    wanted = read_labels(labels)
    image = load_image(upload.path, name=upload.name)
    return loader.compute(lambda: loader.tagger().classify(image, wanted))
