"""How the page looks: a gradio theme of our own; the few rules it cannot express are in style.css.

Fonts are the reader's own system fonts, so that the page makes no request to outside hosts.
"""

from __future__ import annotations

from pathlib import Path

from gradio.themes import Base
from gradio.themes.utils import colors, sizes

STYLESHEET = Path(__file__).with_name("style.css")

# A muted berry: far enough from the warm shades that are shown beside it to stay out of their way.
BERRY = colors.Color(
    name="berry",
    c50="#fbf4f7",
    c100="#f6e6ed",
    c200="#ecccda",
    c300="#dda5bd",
    c400="#c97597",
    c500="#b04f78",
    c600="#963a62",
    c700="#7a2d4f",
    c800="#632641",
    c900="#4c1f33",
    c950="#2c0f1c",
)

# Neutral greys without a tint around the results: a tinted surround shifts how a swatch is seen.
NEUTRAL = colors.neutral


def page_theme() -> Base:
    """The theme, light and dark."""
    theme = Base(
        primary_hue=BERRY,
        secondary_hue=BERRY,
        neutral_hue=NEUTRAL,
        radius_size=sizes.radius_lg,
        spacing_size=sizes.spacing_md,
        text_size=sizes.text_md,
        font=("system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "sans-serif"),
        font_mono=("ui-monospace", "SFMono-Regular", "Consolas", "Liberation Mono", "monospace"),
    )
    return theme.set(
        body_background_fill="#f7f6f6",
        body_background_fill_dark="#141314",
        body_text_color="*neutral_800",
        body_text_color_dark="*neutral_200",
        body_text_color_subdued="*neutral_600",
        body_text_color_subdued_dark="*neutral_400",
        block_background_fill="white",
        block_background_fill_dark="#1e1c1d",
        block_border_color="#e6e3e4",
        block_border_color_dark="#353133",
        block_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_label_border_width="0px",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_400",
        block_title_text_color="*neutral_700",
        block_title_text_color_dark="*neutral_300",
        block_title_text_weight="600",
        border_color_primary="#e6e3e4",
        border_color_primary_dark="#353133",
        input_background_fill="white",
        input_background_fill_dark="#262324",
        input_border_width="1px",
        input_border_color="#dcd7d9",
        input_border_color_dark="#453f42",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_500",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        button_primary_text_color_dark="white",
        button_secondary_background_fill="white",
        button_secondary_background_fill_dark="#262324",
        button_secondary_border_color="#d8d3d5",
        button_secondary_border_color_dark="#453f42",
        button_border_width="1px",
        color_accent_soft="*primary_50",
        color_accent_soft_dark="*primary_950",
        link_text_color="*primary_700",
        link_text_color_dark="*primary_300",
    )
