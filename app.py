"""The web app: `python app.py [--host H] [--port P] [--captioner …] [--adapter …] [--tagger …] …`.

Options override the BEAUTY_VLM_* environment variables, and --host and --port GRADIO_SERVER_NAME and
GRADIO_SERVER_PORT. `demo` is the page, as Spaces and `gradio app.py` expect it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import fields, replace

from beauty_vlm import heap

if __name__ == "__main__":
    heap.keep()  # before the first import that begins a thread

from beauty_vlm.analysis import Analyzer
from beauty_vlm.models.loader import ADAPTER_MODES, PRECISIONS, Loader, ModelUnavailable, Settings
from beauty_vlm.ui.page import build_page, launch_options

LAST_PORT = 65535
LOOPBACK = ("127.0.0.1", "localhost", "::1")
SETTING_HELP = {
    "captioner": "folder or hub name of the captioner (default: the embedded one)",
    "adapter": 'folder or hub name of a LoRA adapter, or "none"',
    "tagger": "folder or hub name of the CLIP tagger (default: the embedded one)",
    "device": "auto, cpu, cuda, …",
    "quantize": "the captioner's precision",
    "adapter_mode": "the adapter merged before quantizing, or apart from quantized weights (QLoRA)",
}
CHOICES = {"quantize": PRECISIONS, "adapter_mode": ADAPTER_MODES}


def port(text: str) -> int:
    """A port to listen on. Raises ArgumentTypeError."""
    if not (text.isdecimal() and 1 <= int(text) <= LAST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port: choose a number from 1 to {LAST_PORT}")
    return int(text)


def read_options(arguments: Sequence[str]) -> argparse.Namespace:
    """The command line's options; those not given are None."""
    parser = argparse.ArgumentParser(description="Describe photos of beauty products in the browser.")
    parser.add_argument("--host", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=port, help="port to listen on (default: the first free one from 7860)")
    parser.add_argument("--share", action="store_true", help="also open a public link through gradio's relay")
    for name, text in SETTING_HELP.items():
        parser.add_argument(f"--{name.replace('_', '-')}", help=text, choices=CHOICES.get(name))
    return parser.parse_args(arguments)


def read_settings(options: argparse.Namespace) -> Settings:
    """The environment's settings, changed by the options that were given. Raises SystemExit for unknown ones."""
    names = [field.name for field in fields(Settings)]
    given = {name: value for name in names if (value := getattr(options, name, None)) is not None}
    settings = replace(Settings.from_environment(), **given)
    for name, choices in CHOICES.items():
        if (value := getattr(settings, name)) not in choices:
            raise SystemExit(f"BEAUTY_VLM_{name.upper()} is {value!r}: choose one of {', '.join(choices)}.")
    return settings


def is_for_visitors(options: argparse.Namespace) -> bool:
    """Whether others than who starts the app may reach it."""
    host = options.host or os.environ.get("GRADIO_SERVER_NAME") or LOOPBACK[0]
    return bool(options.share or os.environ.get("GRADIO_SHARE", "").lower() == "true" or host not in LOOPBACK)


# Imported (by tests, or by a server that mounts `demo`), the command line is someone else's.
options = read_options(sys.argv[1:] if __name__ == "__main__" else [])
settings = read_settings(options)
loader = Loader(settings)
demo = build_page(Analyzer(loader), loader, is_for_visitors(options))

if __name__ == "__main__":
    try:
        demo.launch(
            server_name=options.host,
            server_port=options.port,
            share=options.share or None,
            prevent_thread_lock=True,
            **launch_options(),
        )
    except OSError as error:  # gradio's sentence names its own parameter
        asked = f"port {options.port}" if options.port else "a port"
        where = f" of {options.host}" if options.host else ""
        raise SystemExit(f"The app cannot listen on {asked}{where}: {error} Choose another with --port.") from None
    try:  # while the reader chooses a photo
        print(loader.warm_up(), flush=True)
    except ModelUnavailable as error:  # said on the page too, where it is asked for
        print(error, file=sys.stderr)
    except Exception as error:  # a device that cannot compute them, too little memory
        print(f"The models failed with {type(error).__name__}: {error} Try --device cpu.", file=sys.stderr)
    except KeyboardInterrupt:
        demo.close()
        raise SystemExit(0) from None
    demo.block_thread()
