"""The recipe of a training: its numbers by name, each with its reason in a YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from finetune.augmentation import Augmentation
from finetune.restaging import Restaging

RECIPES = Path(__file__).parent / "recipes"


def read_recipe(path: Path) -> dict[str, Any]:
    """The numbers of a training, by name. Raises SystemExit for a file that cannot be read or is no recipe."""
    try:
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SystemExit(f"The recipe {path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        recipe = None
    if not isinstance(recipe, dict):
        raise SystemExit(f"{path} is no recipe: it is to be YAML with a number for each name.")
    return recipe


def augmentation(recipe: Mapping[str, Any], name: str = "augmentation") -> Augmentation:
    """The recipe's ranges under `name`, where they differ from the defaults."""
    changes: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in (recipe.get(name) or {}).items()
    }
    return Augmentation(**changes)


def restaging(recipe: Mapping[str, Any], name: str = "restaging") -> Restaging:
    """The shares of pictures that are put on other grounds or lettered; none where the recipe does not say."""
    return Restaging(**recipe.get(name) or {})
