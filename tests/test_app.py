"""The whole app in a browser: the real program with the embedded models, driven as a reader drives it."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect, sync_playwright

from beauty_vlm.vocabulary import product_types

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "beauty_vlm" / "ui" / "examples"
EMBEDDED = ROOT / "beauty_vlm" / "models" / "embedded"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# No sandbox: a container's root may not open one. The rest keeps the browser itself from calling out.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 120  # importing torch on a busy machine takes half of it
ANSWER_MS = 120_000  # the first answer also loads the models

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed"),
    pytest.mark.skipif(not (EMBEDDED / "captioner").is_dir(), reason="the embedded models are not in this checkout"),
]


def free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `python app.py` listens."""
    log = tmp_path_factory.mktemp("app") / "log.txt"
    port = free_port()
    environment = {name: text for name, text in os.environ.items() if not name.startswith("BEAUTY_VLM_")}
    environment["GRADIO_TEMP_DIR"] = str(log.parent / "cache")
    url = f"http://127.0.0.1:{port}/"
    with log.open("w") as output:
        command = [sys.executable, "app.py", "--port", str(port), "--device", "cpu"]
        app = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
        try:
            wait_for(url, app, log)
            yield url
        finally:
            app.terminate()
            app.wait(30)
    assert "Traceback" not in log.read_text()


def wait_for(url: str, app: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if app.poll() is not None:
            break
        try:
            httpx.get(url, timeout=5, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.5)
    pytest.fail(f"app.py did not start:\n{log.read_text()}")


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    """The page in a browser; in the end, it must have asked no other host for anything."""
    hosts: set[str | None] = set()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
        page.goto(address)
        yield page
        browser.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data: and blob: addresses


@pytest.fixture(scope="module")
def lipstick(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An example render; without any, a drawn lipstick."""
    examples = sorted(EXAMPLES.glob("*.jpg"))
    if examples:
        return examples[0]
    path = tmp_path_factory.mktemp("photos") / "drawn-lipstick.png"
    image = Image.new("RGB", (224, 224), "#f2f0ee")
    draw = ImageDraw.Draw(image)
    draw.rectangle((90, 120, 134, 200), fill="#202020")
    draw.rectangle((98, 50, 126, 120), fill="#b3202f")
    image.save(path)
    return path


def upload(page: Page, photo: Path) -> None:
    """Puts `photo` into the open tab, in the place of another."""
    tab = page.get_by_role("tabpanel").locator("visible=true")
    remove = tab.get_by_role("button", name=re.compile("clear|remove", re.IGNORECASE))
    if remove.count():
        remove.first.click()
    tab.locator("input[type=file]").first.set_input_files(photo)
    tab.locator(".bv-picture img").first.wait_for(state="attached")


def test_a_photo_is_described(page: Page, lipstick: Path) -> None:
    upload(page, lipstick)
    page.get_by_role("button", name="Describe", exact=True).click()
    description = page.locator(".bv-said")
    expect(description).not_to_be_empty(timeout=ANSWER_MS)

    with page.expect_download() as download:
        page.get_by_text("Download JSON").click()
    assert download.value.suggested_filename == f"{lipstick.stem}-description.json"
    record = json.loads(Path(download.value.path()).read_text())
    assert record["status"] == "ok"
    assert record["file"] == lipstick.name
    assert record["description"] == description.inner_text()
    for claim, mark in zip(record["claims"], description.locator("mark").all(), strict=True):
        assert claim["text"] == mark.inner_text() and claim["evidence"] in (mark.get_attribute("data-evidence") or "")
    assert record["product_type"]["label"] in {term.label for term in product_types()}
    assert len(record["product_type"]["top"]) == 5
    assert record["timings_ms"]["caption"] > 0
    if record["shade"]["visible"]:
        swatch = page.locator(".bv-swatch")
        expect(swatch).to_contain_text(record["shade"]["main"]["hex"])
        expect(swatch).to_contain_text(record["shade"]["main"]["name"])
        expect(page.get_by_alt_text("The photo with the measured part marked")).to_be_visible()
    else:
        expect(page.get_by_text("The shade cannot be seen in this photo")).to_be_visible()


def test_a_broken_file_is_a_sentence_and_clears_the_answer(page: Page, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff\xe0 and no more")
    upload(page, broken)
    page.get_by_role("button", name="Describe", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("broken.jpg cannot be read", timeout=ANSWER_MS)
    expect(page.locator(".bv-said")).not_to_be_visible()
    expect(page.locator(".bv-swatch")).not_to_be_visible()


def test_own_labels_are_compared(page: Page, lipstick: Path) -> None:
    page.get_by_role("tab", name="Tag").click()
    upload(page, lipstick)
    page.get_by_role("button", name="Tag", exact=True).click()
    panel = page.get_by_role("tabpanel").locator("visible=true")
    expect(panel.locator(".bv-card").first.locator("li")).to_have_count(5, timeout=ANSWER_MS)

    page.get_by_label("Your labels, one a line").fill("one label only")
    page.get_by_role("button", name="Compare labels").click()
    expect(panel.get_by_role("alert")).to_contain_text("at least two", timeout=ANSWER_MS)

    page.get_by_label("Your labels, one a line").fill("a lipstick\n<b>a garden chair</b>")
    page.get_by_role("button", name="Compare labels").click()
    scores = panel.locator(".bv-card").last
    expect(scores.locator("li")).to_have_count(2, timeout=ANSWER_MS)
    expect(scores).to_contain_text("<b>a garden chair</b>")
    shares = [float(text.strip("<%")) for text in scores.locator(".bv-bar-score").all_inner_texts()]
    assert sum(shares) == pytest.approx(100, abs=1.5)
    assert shares == sorted(shares, reverse=True)


def test_about_names_the_settings(page: Page) -> None:
    page.get_by_role("tab", name="About").click()
    expect(page.get_by_text("BEAUTY_VLM_CAPTIONER")).to_be_visible()
