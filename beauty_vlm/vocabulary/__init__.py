"""The words Beauty VLM knows: product types, finishes, prompt templates and shade terms.

The lists are YAML files in this folder, meant to be edited; `terms` reads them, `naming` names colours.
"""

from beauty_vlm.vocabulary.naming import ColourName, colour_margin, families, may_name, name_colour, term_distance
from beauty_vlm.vocabulary.terms import (
    FinishTerm,
    ProductTypeTerm,
    ShadeTerm,
    TypeGroup,
    finishes,
    product_types,
    prompt_templates,
    shade_terms,
    type_groups,
)

__all__ = [
    "ColourName",
    "FinishTerm",
    "ProductTypeTerm",
    "ShadeTerm",
    "TypeGroup",
    "colour_margin",
    "families",
    "finishes",
    "may_name",
    "name_colour",
    "product_types",
    "prompt_templates",
    "shade_terms",
    "term_distance",
    "type_groups",
]
