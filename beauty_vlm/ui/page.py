"""The page: its tabs, and the options it is served with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from beauty_vlm.analysis import Analyzer
from beauty_vlm.intake import DEFAULT_LIMITS
from beauty_vlm.models.loader import Loader
from beauty_vlm.ui.about_tab import about
from beauty_vlm.ui.describe_tab import DescribeTab
from beauty_vlm.ui.endpoints import add_endpoints
from beauty_vlm.ui.queue import WAITING_LIMIT
from beauty_vlm.ui.tag_tab import TagTab
from beauty_vlm.ui.theme import STYLESHEET, page_theme

SCRIPT = Path(__file__).with_name("page.js")
TITLE = "Beauty VLM"
HEADER = """
<header class="bv-header"><h1>Beauty VLM</h1>
<p>Truthful descriptions of beauty products: what it is, what it looks like, and its measured shade.</p>
</header>
"""

# Seconds. Photos are a reader's own: they stay an hour, for a second run on the same photo, and old ones are
# looked for every ten minutes.
CACHE_CHECKED, CACHE_KEPT = 600, 3600


def build_page(analyzer: Analyzer, loader: Loader, for_visitors: bool = False) -> gr.Blocks:
    """The page on the given analyzer and models, which are loaded when first needed; `for_visitors` what would change
    it for others is fixed.
    """
    with gr.Blocks(title=TITLE, analytics_enabled=False, delete_cache=(CACHE_CHECKED, CACHE_KEPT)) as page:
        gr.HTML(HEADER, js_on_load=SCRIPT.read_text(encoding="utf-8"))
        with gr.Tab("Describe", id="describe"):
            describing = DescribeTab(analyzer)
        with gr.Tab("Tag", id="tag"):
            tagging = TagTab(loader)
        with gr.Tab("About", id="about"):
            about(page, loader, for_visitors)
        add_endpoints(analyzer, loader, describing, tagging)
    page.queue(max_size=WAITING_LIMIT)
    return page


def launch_options() -> dict[str, Any]:
    """Options of `gr.Blocks.launch` that belong to the page wherever it is served."""
    return {
        "theme": page_theme(),
        "css_paths": STYLESHEET,
        "max_file_size": DEFAULT_LIMITS.max_bytes,
        "run_history": False,  # the default would keep photos and results in the reader's browser
        "footer_links": ["api", "settings"],
        "show_error": True,
        "enable_monitoring": False,
    }
