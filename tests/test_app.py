"""The whole app in a browser: the real program with the embedded models, driven as a reader drives it.

How the page itself answers to pointer, keys and fingers is tried on the stand-ins, which answer at once.
"""

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
import pillow_heif
import pytest
from fake_models import RED, FakeAnalyzer, FakeLoader
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

from beauty_vlm.ui.page import build_page, launch_options
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


def test_a_port_that_cannot_be_had_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        for asked, expected in ((port, f"cannot listen on port {port}"), ("99999", "'99999' is no port")):
            command = [sys.executable, "app.py", "--host", "127.0.0.1", "--port", asked]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
            assert done.returncode and expected in done.stderr and "Traceback" not in done.stderr


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
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(address: str, browser: Browser) -> Iterator[Page]:
    """The page in a browser; in the end, it must have asked no other host for anything."""
    hosts: set[str | None] = set()
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    page.goto(address)
    yield page
    page.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data: and blob: addresses


@pytest.fixture(scope="module")
def quick_address() -> Iterator[str]:
    """Where the page listens on the stand-ins."""
    page = build_page(FakeAnalyzer(), FakeLoader())  # type: ignore[arg-type]
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, **launch_options())
    yield address
    page.close()


@pytest.fixture(scope="module")
def answered(quick_address: str, browser: Browser, lipstick: Path) -> Iterator[Page]:
    """A desk's screen with an answer on it: "A cherry red lipstick with a satin finish ..."."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    yield described(page, quick_address, lipstick)
    page.close()


def described(page: Page, address: str, photo: Path) -> Page:
    page.goto(address)
    upload(page, photo)
    page.get_by_role("button", name="Describe", exact=True).click()
    expect(page.locator(".bv-said")).not_to_be_empty()
    page.mouse.move(0, 0)
    return page


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
        assert claim["text"] == mark.inner_text() == record["description"][slice(*claim["span"])]
        evidence = page.locator(f"#{mark.get_attribute('aria-controls')}")
        assert claim["evidence"]["text"].lower() in (evidence.text_content() or "").lower()
    assert record["product_type"]["label"] in {term.label for term in product_types()}
    assert len(record["product_type"]["top"]) == 5
    assert record["timings_ms"]["segment"] > 0
    if record["shade"]["main"]:
        swatch = page.locator(".bv-swatch")
        expect(swatch).to_contain_text(record["shade"]["main"]["hex"])
        expect(swatch).to_contain_text(record["shade"]["main"]["name"])
        expect(page.get_by_role("button", name="The photo with the measured part marked")).to_be_visible()
        expect(page.locator(".bv-layer[data-region=material]")).to_have_css("opacity", "1")
    else:
        expect(page.get_by_text("The shade cannot be seen in this photo")).to_be_visible()


def test_an_example_is_named_for_screen_readers_and_described_at_a_click(quick_address: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(quick_address)
    tab = page.get_by_role("tabpanel").locator("visible=true")
    names = [path.stem[2:].replace("-", " ") for path in sorted(EXAMPLES.glob("*.jpg"))]
    for name in names:
        expect(tab.get_by_role("button", name=f"Example: {name}", exact=True)).to_have_count(1)
    tab.get_by_role("button", name=f"Example: {names[0]}").click()
    expect(page.locator(".bv-said")).not_to_be_empty()
    page.close()


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


class TestEvidence:
    """Of the three claims, the first is mended and told of the material, the others are told of no place."""

    @pytest.fixture(autouse=True)
    def _nothing_open(self, answered: Page) -> None:
        answered.keyboard.press("Escape")
        answered.mouse.move(0, 0)

    def test_pointing_at_a_mended_word_shows_what_it_was_and_why(self, answered: Page) -> None:
        word = answered.get_by_role("button", name="cherry red")
        before = answered.locator("#bv-answers").bounding_box()
        word.hover()
        card = answered.locator("#bv-evidence-0")
        expect(card).to_be_visible()
        expect(card).to_contain_text("Mended after the photo")
        expect(card.locator("s")).to_have_text("mauve")
        expect(card).to_contain_text("ΔE 31.4 apart")
        swatches = [one.evaluate("one => one.style.background") for one in card.locator(".bv-colour").all()]
        assert swatches == ["rgb(179, 32, 47)", "rgb(162, 114, 140)"]
        assert answered.locator("#bv-answers").bounding_box() == before  # nothing moves
        card.hover()  # it can be pointed at itself, and read
        answered.wait_for_timeout(300)
        expect(card).to_be_visible()
        answered.mouse.move(0, 0)
        expect(card).to_be_hidden()

    def test_a_claims_place_is_marked_while_its_evidence_shows(self, answered: Page) -> None:
        answered.get_by_role("button", name="Photo", exact=True).click()
        layers = answered.locator(".bv-place")
        expect(layers).to_have_attribute("data-shown", "photo")
        answered.get_by_role("button", name="cherry red").hover()
        expect(layers).to_have_attribute("data-shown", "material")
        expect(answered.locator(".bv-layer[data-region=material]")).to_have_css("opacity", "1")
        expect(answered.get_by_role("button", name="Product", exact=True)).to_have_attribute("aria-pressed", "true")
        answered.keyboard.press("Escape")
        expect(layers).to_have_attribute("data-shown", "photo")

    def test_the_picture_fills_the_screen_and_goes_back(self, answered: Page) -> None:
        picture = answered.get_by_role("button", name="The photo with the measured part marked")
        small = picture.bounding_box()
        picture.click()
        answered.wait_for_function("document.fullscreenElement?.className === 'bv-layers'")
        assert answered.locator(".bv-layer[data-region=photo]").bounding_box()["height"] > 900  # type: ignore[index]
        picture.click()
        answered.wait_for_function("!document.fullscreenElement")
        assert picture.bounding_box() == small

    def test_keys_open_keep_and_close_it(self, answered: Page) -> None:
        answered.get_by_role("button", name="Copy description").focus()
        for _ in range(7):  # back over the buttons of the picture, to the last word
            answered.keyboard.press("Shift+Tab")
            if answered.evaluate("document.activeElement.classList.contains('bv-claim')"):
                break
        word, card = answered.get_by_role("button", name="satin"), answered.locator("#bv-evidence-2")
        expect(word).to_be_focused()
        expect(card).to_be_visible()
        expect(word).to_have_attribute("aria-expanded", "true")
        expect(word).to_have_accessible_description(re.compile("Not sure.*too small"))
        answered.keyboard.press("Shift+Tab")
        expect(card).to_be_hidden()
        expect(answered.locator("#bv-evidence-1")).to_be_visible()
        answered.keyboard.press("Enter")  # keeps it open when the focus leaves
        answered.keyboard.press("Escape")
        expect(answered.locator("#bv-evidence-1")).to_be_hidden()
        answered.evaluate("document.activeElement.blur()")

    def test_fingers_open_one_at_a_time_in_sight(self, quick_address: str, browser: Browser, lipstick: Path) -> None:
        context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
        page = described(context.new_page(), quick_address, lipstick)
        page.get_by_role("button", name="satin").tap()
        expect(page.locator("#bv-evidence-2")).to_be_visible()
        word = page.get_by_role("button", name="cherry red")
        word.tap()
        expect(page.locator("#bv-evidence-2")).to_be_hidden()
        card = page.locator("#bv-evidence-0")
        expect(card).to_be_visible()
        expect(card).to_be_in_viewport(ratio=1)
        page.wait_for_timeout(500)  # a word that the card would cover has moved up
        shown, said = card.bounding_box(), word.bounding_box()
        assert shown and said and said["y"] + said["height"] <= shown["y"]
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        card.get_by_role("button", name="Close").tap()
        expect(card).to_be_hidden()
        context.close()


def test_an_answer_of_another_photo_is_told_as_such(quick_address: str, browser: Browser, tmp_path: Path) -> None:
    photos = [tmp_path / name for name in ("first.png", "second.png")]
    for photo, colour in zip(photos, ("#b3202f", "#2f20b3"), strict=True):
        Image.new("RGB", (60, 90), colour).save(photo)
    page = described(browser.new_page(), quick_address, photos[0])
    note = page.get_by_text("This is of first.png, not of the photo that is chosen now.")
    expect(note).to_be_hidden()
    upload(page, photos[1])
    expect(note).to_be_visible()
    upload(page, photos[0])
    expect(note).to_be_hidden()
    upload(page, photos[1])
    page.get_by_role("button", name="Describe", exact=True).click()
    expect(page.locator(".bv-file")).to_have_text("second.png")
    expect(page.locator(".bv-earlier")).to_be_hidden()

    page.get_by_role("tab", name="Tag").click()
    upload(page, photos[0])
    page.get_by_role("button", name="Tag", exact=True).click()
    expect(page.locator(".bv-tag .bv-card")).to_be_visible()
    expect(note).to_be_hidden()
    upload(page, photos[1])
    expect(note).to_be_visible()
    page.close()


def test_heic_is_taken_from_the_file_chooser_and_by_dropping(
    quick_address: str, browser: Browser, tmp_path: Path
) -> None:
    """Chromium has no type for it, and gradio takes only what has an image's."""
    pillow_heif.register_heif_opener()
    photo = tmp_path / "IMG 1.HEIC"
    Image.new("RGB", (64, 64), "#b3202f").save(photo, format="HEIF")
    page = browser.new_page()
    page.goto(quick_address)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="drop").first.click()
    assert ".heic" in page.locator(".bv-picture input[type=file]").first.get_attribute("accept")  # type: ignore[operator]
    chooser.value.set_files(photo)
    page.get_by_role("button", name="Describe", exact=True).click()
    expect(page.locator(".bv-file")).to_have_text("IMG 1.HEIC")

    page.reload()
    transfer = page.evaluate_handle(
        "bytes => { const transfer = new DataTransfer();"
        " transfer.items.add(new File([new Uint8Array(bytes)], 'dropped.heic')); return transfer; }",
        list(photo.read_bytes()),
    )
    page.get_by_role("button", name="drop").first.dispatch_event("drop", {"dataTransfer": transfer})
    page.locator(".bv-picture img").first.wait_for(state="attached")
    page.get_by_role("button", name="Describe", exact=True).click()
    expect(page.locator(".bv-file")).to_have_text("dropped.heic")
    page.close()


@pytest.mark.parametrize("secure", [True, False])
def test_texts_are_copied_and_it_is_said(secure: bool, quick_address: str, browser: Browser, lipstick: Path) -> None:
    """Pages without HTTPS have no clipboard object."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = described(context.new_page(), quick_address, lipstick)
    read = page.evaluate_handle("() => { const own = navigator.clipboard; return () => own.readText(); }")
    if not secure:
        page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.locator(".bv-glance").get_by_role("button", name=RED.hex).click()
    expect(page.locator(".bv-copy[data-told]")).to_have_attribute("data-told", "Copied")
    assert read.evaluate("read => read()") == RED.hex
    page.get_by_role("button", name="Copy description").click()
    expect(page.get_by_role("button", name="Copied", exact=True)).to_be_visible()
    assert read.evaluate("read => read()") == page.locator(".bv-said").inner_text()
    expect(page.get_by_role("button", name="Copy description")).to_be_visible()
    context.close()


def test_leaving_the_pictures_buttons_is_no_error(answered: Page) -> None:
    errors: list[str] = []
    answered.on("pageerror", lambda error: errors.append(str(error)))
    answered.locator(".bv-choice button").first.focus()
    answered.keyboard.press("Tab")
    answered.evaluate("document.activeElement.blur()")
    assert not errors


def test_notes_are_said_as_given_and_compared(answered: Page) -> None:
    answered.get_by_role("button", name="What you know about it").click()
    answered.get_by_label("Brand").fill("${1} {{value}}")
    answered.get_by_label("Shade name").fill("Velvet Nude")
    answered.get_by_role("button", name="Describe", exact=True).click()
    said = answered.locator(".bv-said")
    expect(said).to_contain_text('By your notes: brand "${1} {{value}}", shade "Velvet Nude".')
    expect(answered.locator(".bv-conflict")).to_have_text("Your note says nude, the photo shows cherry red.")
    answered.get_by_role("button", name="By your notes:").hover()
    expect(answered.locator("#bv-evidence-3")).to_contain_text("Given by you")
    expect(answered.locator(".bv-why")).to_contain_text("mauve → cherry red")
