"""The options that several commands share, as typer reads them from annotations."""

from __future__ import annotations

from typing import Annotated

import typer

from beauty_vlm.models.loader import AdapterMode, Quantize
from beauty_vlm.report import Length

LengthOption = Annotated[Length, typer.Option("--length", help="How long the description is.")]
CaptionerOption = Annotated[
    str | None, typer.Option("--captioner", help="Captioner: embedded, a folder or a hub name.")
]
AdapterOption = Annotated[
    str | None, typer.Option("--adapter", help="LoRA adapter: embedded, none, a folder or a hub name.")
]
TaggerOption = Annotated[str | None, typer.Option("--tagger", help="Tagger: embedded, a folder or a hub name.")]
DeviceOption = Annotated[str | None, typer.Option("--device", help="Where to compute: auto, cpu, cuda …")]
QuantizeOption = Annotated[Quantize | None, typer.Option("--quantize", help="The captioner's precision.")]
AdapterModeOption = Annotated[
    AdapterMode | None, typer.Option("--adapter-mode", help="Adapter merged before quantizing, or apart (QLoRA).")
]
# What the user knows is said in the description as given, and compared with the photo.
BrandOption = Annotated[str | None, typer.Option("--brand", help="The brand, as you know it.")]
ShadeNameOption = Annotated[str | None, typer.Option("--shade-name", help="The shade's name, as you know it.")]
IngredientsOption = Annotated[str | None, typer.Option("--ingredients", help="The ingredients, as you know them.")]
NoteOption = Annotated[str | None, typer.Option("--note", help="Anything else that you know of it.")]
