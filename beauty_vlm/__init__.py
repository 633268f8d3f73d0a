"""Beauty VLM describes photos of beauty products truthfully: type, measured shade, finish, and words for
them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from beauty_vlm.report import Length, Report

if TYPE_CHECKING:
    from beauty_vlm.analysis import Analyzer
    from beauty_vlm.intake import Source
    from beauty_vlm.writing.notes import Given

__all__ = ["__version__", "describe"]
__version__ = "0.1.0"


def describe(image: Source, length: Length = "normal", notes: Given | None = None) -> Report:
    """Describe one photo: a path, bytes, a binary file or a PIL image. The models load on the first call.

    `notes` is what you know of the product: a text for any of "brand", "shade" (its name), "ingredients" and
    "other". It is said in the description as given by you; a note that cannot be used raises
    `beauty_vlm.writing.notes.NoteError`, a length that there is not ValueError.

    A photo that cannot be used gives a record with its `status` and `error` set. Which models are used, the
    BEAUTY_VLM_... environment variables say (see `beauty_vlm.models.loader.Settings`); ModelUnavailable is
    raised when they cannot be had.
    """
    return _analyzer().describe(image, length, notes=notes)


@lru_cache(maxsize=1)
def _analyzer() -> Analyzer:
    """One for the process, so that the models load once. Building it is cheap: a race only wastes that."""
    from beauty_vlm.analysis import Analyzer
    from beauty_vlm.models.loader import Loader, Settings

    return Analyzer(Loader(Settings.from_environment()))
