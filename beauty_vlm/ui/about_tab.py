"""The About tab: what is measured and how far to trust it, and what this page runs with."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

import gradio as gr

from beauty_vlm.models.loader import PRECISIONS, Loader, ModelUnavailable, Settings
from beauty_vlm.ui.markup import card, message, note, table
from beauty_vlm.ui.queue import model_event
from beauty_vlm.vocabulary import finishes, product_types

ABOUT = """
### What you get
- **Description.** A captioning model looks at the photo and writes it; statements of type, colour and finish
  are then checked against the photo, and what contradicts it does not stay in the description.
- **Shade.** Not guessed from words: a second model marks the pixels of the product's own material (the
  bullet, the pan, the liquid; not the case), and their colour is measured in CIELAB under D65: on the applicator
  rather than through the bottle's wall, where both are to be seen. The overlay shows which pixels were used.
  Words of the description are underlined by what became of them; point at one to see the measured colour beside
  the one that the word means, or a probability, and the place on the photo.
- **Product type and finish.** An image-and-text model compares the photo with phrases for {types} product
  types, other things and {finishes} finishes. Under Describe the embedded captioner's own view of the type counts
  too, so that its scores differ a little from those under Tag.
- **Your notes.** A brand, a shade name or ingredients that you know are said as yours. They change nothing that
  is measured, and where the photo shows something else, the page says so.

### Limits
- A photo shows a product *in its light*. Coloured light, a wrong white balance or a filter move the measured
  shade; for a shade to compare with others, photograph in daylight on a plain grey or white ground.
- When the product is in a closed, opaque package no shade can be measured, and none is reported.
- The small models that come with this page learned about cosmetics from computer-made pictures only; their first
  layers had learned to see on ordinary photos before. On unusual packages,
  groups of products or people wearing make-up they err more often.
- What is likely and not sure is said with "probably" or "perhaps". The percentages behind it were fitted to
  computer-made pictures too; on photos they may be off.
- The scores of your own labels compare these labels with each other. They are not the chance that one is true.

### Your photos
They are processed on the machine that runs this page, are sent nowhere else, and are deleted with its
temporary files.
"""


PRECISION_NOTE = "Of the captioner, for everyone who uses this page. It is loaded anew."
FIXED_NOTE = "Of the captioner. On a page for visitors it is chosen by who runs it."


def about(page: gr.Blocks, loader: Loader, for_visitors: bool = False) -> None:
    """Adds the texts, the settings in use and the captioner's precision, to choose but where the page is `for_visitors`
    or on a Space: they must not change it for each other. Built inside `page`.
    """
    fixed = for_visitors or "SPACE_ID" in os.environ
    with gr.Row(equal_height=False):
        with gr.Column(scale=7, min_width=320):
            text = ABOUT.format(types=len(product_types()) - 1, finishes=len(finishes()))
            gr.Markdown(text, elem_classes="bv-about")
        with gr.Column(scale=5, min_width=320):
            panel = gr.HTML(settings_panel(loader.settings))
            precision = gr.Radio(
                list(PRECISIONS),
                value=loader.settings.quantize,
                label="Precision",
                info=FIXED_NOTE if fixed else PRECISION_NOTE,
                interactive=not fixed,
                elem_id="bv-precision",
            )
            said = gr.HTML(elem_classes="bv-wait")

    def choose(mode: str) -> tuple[str, str, Any]:
        """The settings then in use, what came of it, and the choice as it stands."""
        try:
            sentence = card("Precision", note(loader.requantize(mode)))
        except ModelUnavailable as error:
            sentence = message(str(error))
        return settings_panel(loader.settings), sentence, gr.update(value=loader.settings.quantize)

    if fixed:
        return
    page.load(  # another reader may have chosen since the page was built
        lambda: (settings_panel(loader.settings), loader.settings.quantize),
        None,
        [panel, precision],
        api_visibility="private",
        show_progress="hidden",
    )
    precision.input(
        choose, precision, [panel, said, precision], api_visibility="private", **model_event(loader.at_once)
    )


def settings_panel(settings: Settings) -> str:
    """The settings in use, each under the environment variable that changes it."""
    rows = [(f"BEAUTY_VLM_{key.upper()}", str(value)) for key, value in asdict(settings).items()]
    return card("In use here", table(rows))
