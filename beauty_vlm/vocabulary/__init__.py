"""The words Beauty VLM knows: product types, finishes, packaging, prompt templates and shade terms.

The lists are YAML files in this folder, meant to be edited; `terms` reads them, `naming` names colours.
"""

from beauty_vlm.vocabulary.naming import (
    COLOUR_TOLERANCE,
    ColourName,
    colour_margin,
    families,
    look_up,
    may_name,
    name_colour,
    nearest_named,
    term_distance,
)
from beauty_vlm.vocabulary.terms import (
    OTHER,
    TOOL,
    UNPACKED,
    FinishTerm,
    PackagingTerm,
    ProductTypeTerm,
    ShadeTerm,
    TypeGroup,
    finishes,
    packaging_materials,
    packaging_states,
    product_types,
    prompt_templates,
    shade_terms,
    shade_visibilities,
    type_groups,
)

__all__ = [
    "COLOUR_TOLERANCE",
    "OTHER",
    "TOOL",
    "UNPACKED",
    "ColourName",
    "FinishTerm",
    "PackagingTerm",
    "ProductTypeTerm",
    "ShadeTerm",
    "TypeGroup",
    "colour_margin",
    "families",
    "finishes",
    "look_up",
    "may_name",
    "name_colour",
    "nearest_named",
    "packaging_materials",
    "packaging_states",
    "product_types",
    "prompt_templates",
    "shade_terms",
    "shade_visibilities",
    "term_distance",
    "type_groups",
]
