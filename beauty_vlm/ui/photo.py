"""The photo input: hands the reader's file to the intake exactly as it was uploaded.

Gradio's image component opens every file itself before an event sees it: it fails with an unclear message
on what Pillow cannot read and converts the rest. Events that take a photo therefore set `preprocess=False`;
gradio still checks that the file is one of the page's own uploads, and passes the facts that `Upload` reads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import Dependency
from gradio.helpers import Examples

from beauty_vlm.intake import IntakeError

EXAMPLES = Path(__file__).with_name("examples")
PHOTO_HEIGHT = 340  # px: the photo and its button fit on a laptop screen together
# Browsers show this text in the place of a picture that they cannot decode themselves.
ALT_TEXT = "Your photo. If it does not show, this browser has no preview for it; it may still be readable."
EXAMPLES_SHOWN = 6  # one row


EARLIER = r"""(photo) => {
  const path = photo?.path?.replaceAll("\\", "/"); // of a server on Windows
  for (const note of document.querySelectorAll("%s .bv-earlier")) {
    const earlier = Boolean(path) && !path.endsWith(note.dataset.photo);
    note.closest(".bv-answers").classList.toggle("bv-of-earlier", earlier);
  }
}"""


@dataclass(frozen=True, slots=True)
class Upload:
    """A photo as uploaded: `path` on this machine, `name` as its owner calls it."""

    path: Path
    name: str

    @classmethod
    def of(cls, payload: Mapping[str, Any] | None) -> Upload:
        """The upload that gradio describes by `payload`.

        Raises IntakeError when there is no file ("empty"), or no longer one ("not_found").
        """
        path = payload.get("path") if payload else None
        if not payload or not path:
            raise IntakeError("empty", "Add a photo first.")
        upload = cls(path=Path(path), name=payload.get("orig_name") or Path(path).name)
        if not upload.path.exists():  # the page still shows it
            raise IntakeError("not_found", f"{upload.name} is no longer kept here: add the photo again.")
        return upload

    @property
    def address_end(self) -> str:
        """How its path ends on the page, too: gradio keeps each photo in a folder named after its content."""
        return f"{self.path.parent.name}/{self.path.name}"


def point_out_earlier(photo: gr.Image, answered: Sequence[Dependency], scope: str) -> None:
    """Marks answers within `scope`, a CSS selector, that are of another photo than the one in `photo`.

    An answer stays while the next photo is chosen, and one may arrive after that: neither is of the photo then seen.
    """
    photo.change(None, photo, js=EARLIER % scope)
    for event in answered:
        event.then(None, photo, js=EARLIER % scope)


def photo_input() -> gr.Image:
    """A photo from a file, the clipboard or the camera. Its events need `preprocess=False`."""
    return gr.Image(
        label="Photo",
        type="filepath",
        sources=["upload", "clipboard", "webcam"],
        height=PHOTO_HEIGHT,
        buttons=["fullscreen"],
        alt_text=ALT_TEXT,
        elem_classes="bv-picture",
    )


def example_photos() -> list[str]:
    """The example photos that are there, perhaps none."""
    return [str(path) for path in sorted(EXAMPLES.glob("*.jpg"))[:EXAMPLES_SHOWN]]


def example_row(photo: gr.Image) -> Examples | None:
    """The example photos, each of which fills `photo` when clicked; None when there are none."""
    paths = example_photos()
    if not paths:
        return None
    return gr.Examples(
        paths, photo, label="Or try one of these renders", cache_examples=False, api_visibility="private"
    )
