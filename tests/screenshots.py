"""The README's screenshots, of renders only: `python -m tests.screenshots beauty_vlm/ui` from the repository's root.

Writes screenshot.png (a claim with its evidence), screenshot-mended.png (a mended word) and screenshot-unjudged.png
(a black-and-white photo, whose shade cannot be judged) into the folder that is named.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from beauty_vlm.analysis import Analyzer
from beauty_vlm.models.loader import Loader, Settings
from beauty_vlm.ui.page import build_page, launch_options
from beauty_vlm.ui.photo import EXAMPLES

SCREEN = {"width": 1280, "height": 800}
ANSWER_MS = 120_000
PLACED = ".bv-claim[data-region='material']"
# A mend with swatches says most; that of a type has a probability.
MENDED = (".bv-claim.bv-mended[data-region]", ".bv-claim.bv-mended")


@dataclass(frozen=True, slots=True)
class Shot:
    """One screenshot: of which example, and at which claim it points (the first of these that is there; or none)."""

    file: str
    example: str
    pointed: Sequence[str] = ()
    monochrome: bool = False


SHOTS = (
    Shot("screenshot.png", "1-lipstick.jpg", (PLACED,)),
    Shot("screenshot-mended.png", "2-nail-polish.jpg", MENDED),
    Shot("screenshot-unjudged.png", "5-blush.jpg", monochrome=True),
)


def take(page: Page, shot: Shot, photo: Path, path: Path) -> None:
    """Has `photo` described on a fresh page and writes what is then on the screen to `path`."""
    page.locator("input[type=file]").first.set_input_files(photo)
    page.locator(".bv-picture img").first.wait_for(state="attached")
    page.get_by_role("radio", name="Detailed").click()
    page.get_by_role("button", name="Describe", exact=True).click()
    page.locator(".bv-said").wait_for(timeout=ANSWER_MS)
    page.mouse.move(0, 0)
    claims = [page.locator(words) for words in shot.pointed if page.locator(words).count()]
    if claims:
        claims[0].first.hover()
    elif shot.pointed:
        print(f"{shot.file}: the description has no such claim to point at")
    page.wait_for_timeout(500)  # the pictures fade over
    page.screenshot(path=path)


def main() -> None:
    """Take them all."""
    parser = argparse.ArgumentParser(description="Take the README's screenshots.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    loader = Loader(Settings.from_environment())
    app = build_page(Analyzer(loader), loader)
    _, address, _ = app.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for shot in SHOTS:
            photo = EXAMPLES / shot.example
            if shot.monochrome:
                photo = Path(scratch, "black-and-white.png")
                Image.open(EXAMPLES / shot.example).convert("L").save(photo)
            page = browser.new_page(viewport=SCREEN)  # type: ignore[arg-type]
            page.goto(address)
            take(page, shot, photo, folder / shot.file)
            page.close()
        browser.close()
    app.close()


if __name__ == "__main__":
    main()
