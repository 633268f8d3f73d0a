"""How events that use the models wait for each other, and what is said where the models fail."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from beauty_vlm.intake import IntakeError
from beauty_vlm.models.loader import ModelUnavailable
from beauty_vlm.ui.labels import LabelError
from beauty_vlm.writing.notes import NoteError

WAITING_LIMIT = 64  # photos that may wait; beyond it the page asks to come back later


logger = logging.getLogger(__name__)


def model_event(at_once: int) -> dict[str, Any]:
    """Options of an event that uses the models: so many at once across all such events.

    On a processor one: each step already uses every core, and a second model run beside it would need its memory
    twice. On a GPU those that come together go as one batch.
    """
    return {"concurrency_id": "models", "concurrency_limit": at_once}


def plainly(error: Exception) -> str:
    """The sentence for the reader. What is nobody's input, as too little memory, is logged with where it came from;
    gradio's own errors are raised again.
    """
    if isinstance(error, gr.Error):
        raise error
    if isinstance(error, (IntakeError, ModelUnavailable, NoteError, LabelError)):
        return str(error)
    logger.error("The models failed.", exc_info=error)
    return f"The models failed with {type(error).__name__}. Try again, or another photo."
