"""Where a model's files lie: a folder of ours, a folder of the user's, or a repository of the model hub."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from huggingface_hub import get_hf_file_metadata, hf_hub_download, hf_hub_url
from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, RepositoryNotFoundError

from beauty_vlm.models.loader import ModelUnavailable

EMBEDDED = Path(__file__).parent / "embedded"
HUB_PROFILES = {
    "blip-base": "Salesforce/blip-image-captioning-base",
    "blip-large": "Salesforce/blip-image-captioning-large",
    "clip-vit-base-patch32": "openai/clip-vit-base-patch32",
}
PROFILES = {
    "captioner": ("embedded", "blip-base", "blip-large"),
    "tagger": ("embedded", "clip-vit-base-patch32"),
}
EMBEDDED_FOLDERS = {"adapter": "captioner-lora"}  # where the folder is not called as its role is
FIRST_FILE = {"adapter": "adapter_config.json"}  # what every other role calls config.json
WAYS_OUT = {
    "captioner": "use the embedded one (--captioner embedded)",
    "tagger": "use the embedded one (--tagger embedded)",
    "adapter": "do without one (--adapter none)",
}
HUB_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*")
# One question to the hub decides whether it can be reached. Its client alone would retry every file for 23
# seconds.
HUB_TIMEOUT_S = 5.0


@dataclass(frozen=True, slots=True)
class Source:
    """A model's files. `place` is a folder or a hub name; `local_only` keeps transformers from asking the
    hub.
    """

    role: str
    name: str
    place: str
    local_only: bool

    @property
    def first_file(self) -> str:
        """The file that says what the model is."""
        return FIRST_FILE.get(self.role, "config.json")

    def read(self, cls: Any, **options: Any) -> Any:
        """`cls.from_pretrained` of these files."""
        return cls.from_pretrained(self.place, local_files_only=self.local_only, **options)

    def file(self, name: str) -> Path | None:
        """One file, fetched when it lies on the hub; None when there is no such file."""
        folder = Path(self.place)
        if folder.is_dir():
            return folder / name if (folder / name).is_file() else None
        try:
            return Path(hf_hub_download(self.place, name, local_files_only=self.local_only))
        except EntryNotFoundError:
            return None

    def json(self, name: str) -> dict[str, Any] | None:
        """The object in one JSON file; None when there is no such file. Raises ValueError when it is
        broken.
        """
        path = self.file(name)
        if path is None:
            return None
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict):
            raise ValueError(f"{name} holds no JSON object")
        return data

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Turn whatever foreign files make the libraries raise into one sentence; the cause stays chained."""
        try:
            yield
        except ModelUnavailable:
            raise
        except Exception as error:
            raise self.unavailable(f"does not load: {_cause(error)}") from error

    def unavailable(self, what: str) -> ModelUnavailable:
        """The error that says `what` happened to this model, with the way out."""
        return ModelUnavailable(f"The {self.role} {self.name!r} {what}; {self._way_out()}.")

    def _way_out(self) -> str:
        if self.name == "embedded":
            other = PROFILES.get(self.role, ())[1:2]
            again = "get the files of Beauty VLM again"
            return again + (f", or name another (--{self.role} {other[0]})" if other else "")
        return f"pass another local folder or hub name, or {WAYS_OUT[self.role]}"


def _cause(error: Exception) -> str:
    """Why files do not load, in words: their own faults are most of what the libraries raise."""
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return "there is not enough memory for it"
    if isinstance(error, ImportError):
        return f"a package that it needs cannot be imported ({error.name or error})"
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return "there is no space left on the disk"
    return "its files are incomplete, damaged or for another model"


def locate(role: str, name: str) -> Source:
    """Find what `name` means for "captioner", "adapter", "tagger" or "segmenter".

    Raises ModelUnavailable when there is no such folder or hub repository, or when the hub cannot be reached
    and the model is not in its cache. Takes at most HUB_TIMEOUT_S to find that out.
    """
    if name == "embedded":
        source = Source(role, name, str(EMBEDDED / EMBEDDED_FOLDERS.get(role, role)), True)
    elif name and Path(name).expanduser().is_dir():
        source = Source(role, name, str(Path(name).expanduser()), True)
    else:
        source = _on_hub(role, name)
    if source.file(source.first_file) is None:
        raise source.unavailable(f"is missing: there is no {source.first_file}")
    return source


def _on_hub(role: str, name: str) -> Source:
    profiles = PROFILES.get(role, ())
    place = HUB_PROFILES[name] if name in profiles else name
    source = Source(role, name, place, True)
    if not HUB_NAME.fullmatch(place):
        known = f"a known profile ({', '.join(profiles)}), " if profiles else ""
        raise source.unavailable(f"is neither {known}a folder, nor a hub name (owner/name)")
    try:
        get_hf_file_metadata(hf_hub_url(place, source.first_file), timeout=HUB_TIMEOUT_S)
    except GatedRepoError as error:  # which is one of the next kind, too
        raise source.unavailable("is on the hub, but only for those who were granted access") from error
    except RepositoryNotFoundError as error:
        raise source.unavailable("is not on the hub, nor is there such a folder") from error
    except EntryNotFoundError as error:
        raise source.unavailable(f"is missing: there is no {source.first_file}") from error
    except Exception as error:  # no connection, in whichever way: what was fetched before still serves
        if source.file(source.first_file) is None:
            message = (
                f"The {role} {name!r} could not be fetched from the hub: "
                f"check the connection, pass a local folder, or {WAYS_OUT[role]}."
            )
            raise ModelUnavailable(message) from error
        return source
    return Source(role, name, place, False)
