"""Parts that share a material, joined: a scene's cost grows with its parts."""

from __future__ import annotations

from collections.abc import Iterable

from data.material import Material
from data.mesh import Mesh, joined
from data.product import Part


def merged(parts: Iterable[Part]) -> list[Part]:
    """The parts with those of equal material joined, in order of first appearance."""
    groups: dict[tuple[object, ...], tuple[Material, list[Mesh]]] = {}
    for part in parts:
        m = part.material
        rough = None if m.roughness_map is None else m.roughness_map.tobytes()
        numbers = (m.roughness, m.metallic, m.specular, m.coat, m.region, m.clear)
        key = (m.texture.shape, m.texture.tobytes(), rough, *numbers)
        groups.setdefault(key, (m, []))[1].append(part.mesh)
    return [Part(joined(meshes), material) for material, meshes in groups.values()]
