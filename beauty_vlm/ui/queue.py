"""How events that use the models wait for each other."""

from __future__ import annotations

from typing import Any

# One photo at a time across all events: each step already uses every core, and a second model run beside it
# would need its memory twice.
MODEL_EVENT: dict[str, Any] = {"concurrency_id": "models", "concurrency_limit": 1}

WAITING_LIMIT = 64  # photos that may wait; beyond it the page asks to come back later
