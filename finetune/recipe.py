"""The recipe of a training: its numbers by name, each with its reason in a YAML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import yaml

from finetune.augmentation import Augmentation
from finetune.restaging import Restaging

RECIPES = Path(__file__).parent / "recipes"


def read_recipe(path: Path, kind: str | None = None) -> dict[str, Any]:
    """The numbers of a training, by name. Raises SystemExit for a file that cannot be read or is no recipe; of a
    `kind`, whose own lies in RECIPES, it must have every name that this has and no other.
    """
    try:
        recipe = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SystemExit(f"The recipe {path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError):
        recipe = None
    if not isinstance(recipe, dict):
        raise SystemExit(f"{path} is no recipe: it is to be YAML with a number for each name.")
    if kind is not None:
        wanted = set(read_recipe(RECIPES / f"{kind}.yaml"))
        for names, what in ((set(recipe) - wanted, "are not known"), (wanted - set(recipe), "are missing")):
            if names:
                raise SystemExit(f"{path} is no recipe of the {kind}: {', '.join(sorted(names))} {what}.")
    return recipe


def augmentation(recipe: Mapping[str, Any], name: str = "augmentation") -> Augmentation:
    """The recipe's ranges under `name`, where they differ from the defaults. Raises SystemExit for unknown ones."""
    changes: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in _section(recipe, name, Augmentation).items()
    }
    return replace(Augmentation(), **changes)


def restaging(recipe: Mapping[str, Any], name: str = "restaging") -> Restaging:
    """The shares of pictures that are put on other grounds or lettered; none where the recipe does not say. Raises
    SystemExit for unknown ones.
    """
    return Restaging(**_section(recipe, name, Restaging))


def _section(recipe: Mapping[str, Any], name: str, kind: type[Augmentation | Restaging]) -> dict[str, Any]:
    """A recipe's entries under `name`. Raises SystemExit for any that is no field of `kind`."""
    section = recipe.get(name) or {}
    known = [one.name for one in fields(kind)]
    if not isinstance(section, dict) or (unknown := set(section) - set(known)):
        wrong = f"{', '.join(sorted(unknown))} are not known" if isinstance(section, dict) else "it has no names"
        raise SystemExit(f"The recipe's {name}: {wrong}. There are {', '.join(known)}.")
    return section
