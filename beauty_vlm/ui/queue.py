"""How events that use the models wait for each other."""

from __future__ import annotations

from typing import Any

WAITING_LIMIT = 64  # photos that may wait; beyond it the page asks to come back later


def model_event(at_once: int) -> dict[str, Any]:
    """Options of an event that uses the models: so many at once across all such events.

    On a processor one: each step already uses every core, and a second model run beside it would need its memory
    twice. On a GPU those that come together go as one batch.
    """
    return {"concurrency_id": "models", "concurrency_limit": at_once}
