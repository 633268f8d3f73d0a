"""Powder out of its pan: streaks, heaps and broken cakes, lying on y = 0 about the origin; streaks run along x."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter

from data.draw import Draw
from data.film import LIFT, curve, lip, ribbon, wander
from data.grains import grains
from data.mesh import Mesh, cut, grid_faces, joined, sheet, smooth_normals


def rough(draw: Draw, rows: int, columns: int, cell: float) -> np.ndarray:
    """Soft noise (rows, columns) of about unit size with lumps of `cell` vertices."""
    field = gaussian_filter(draw.rng.normal(size=(rows, columns)), cell)
    return np.asarray(field / (field.std() + 1e-9))


def streak(draw: Draw, length: float, width: float, *, detail: float = 1.0) -> Mesh:
    """Powder pressed out under a finger or a spatula: a grainy band with crumbling sides, a heap at one end."""
    rows, columns = int(150 * detail), int(64 * detail)
    t = np.linspace(-1, 1, columns)[None]
    broken = draw.uniform(0.02, 0.09)  # how ragged the sides are
    begin = broken * 0.7 * np.abs(wander(draw.rng, columns, 20))[None] * width / length
    torn = 0.5 + 0.5 * np.tanh(wander(draw.rng, columns, draw.integer(4, 9)) + 0.3 * wander(draw.rng, columns, 26))
    reach = 1 - draw.uniform(0.03, 0.2) * torn[None]
    r = np.linspace(0, 1, rows)[:, None]
    s = begin + r * (reach - begin)
    ragged = [0.7 * wander(draw.rng, rows, 90)[:, None] + 0.6 * wander(draw.rng, rows, 14)[:, None] for _ in range(2)]
    taper = draw.uniform(-0.25, 0.3) * (s - 0.5) + (draw.uniform(0.2, 0.7) * s**2 if draw.chance(0.4) else 0.0)
    half = 0.5 * width * (1 - taper + broken * np.where(t < 0, *ragged).clip(-2.2, 2.2))
    border = np.minimum((1 - np.abs(t)) * half, (s - begin) * length)
    thick = width * draw.uniform(0.04, 0.09)
    heap = draw.uniform(0.3, 1.6) * np.exp(-((s / draw.uniform(0.05, 0.16)) ** 2))
    sides = draw.uniform(0.3, 1.5) * np.exp(-((border / (0.09 * width)) ** 2))
    lumps = rough(draw, rows, columns, 1.6) * (0.03 + 0.4 * sides + 0.35 * heap)
    lines = draw.choice(0.03, 0.1) * wander(draw.rng, columns, 30)[None]
    fine = 0.03 * draw.rng.normal(size=(rows, columns))
    flow = (1 - 0.5 * s + heap + sides + lumps + lines + fine).clip(0.12, 3)
    rise = thick * flow * lip(border, 0.8 * thick) * np.clip((1 - r) / 0.12, 0, 1) ** 0.5
    path = curve(length, draw.normal(0.15) if draw.chance(0.7) else draw.normal(0.6))
    band = ribbon(path, s, t * half, rise)
    patchy = draw.uniform(0.35, 0.75)  # from where the ground shows through
    worn = (
        rough(draw, rows, columns, 1.8)
        + draw.uniform(1.4, 3)
        - draw.uniform(2, 6) * np.clip((s - patchy) / (1 - patchy), 0, 1) ** 2
    )
    keep = worn.ravel()[band.faces].mean(1) > -0.8
    parts = [cut(band, keep) if keep.sum() > 400 else band]
    # Crumbs line the sides, gather in a heap at the start and lie scattered at the end.
    count = int(draw.integer(350, 900) * detail)
    shares = np.array([0.6, draw.uniform(0.1, 0.7), 0.1])
    where = draw.rng.choice(3, count, p=shares / shares.sum())
    along = np.choose(
        where,
        [
            draw.rng.beta(0.9, 1.3, count),
            draw.rng.normal(0.02, draw.uniform(0.02, 0.05), count),
            draw.rng.uniform(0.7, 1.02, count),
        ],
    )
    lining = draw.rng.choice([-1.0, 1.0], count) * (1 + draw.rng.normal(-0.02, broken, count))
    side = np.where(where == 0, lining, draw.rng.uniform(-1.05, 1.05, count))
    coarse = draw.uniform(0.009, 0.022) * (1 + draw.uniform(0, 1.2) * (where == 1))
    sizes = width * coarse * draw.rng.lognormal(0, 0.6, count).clip(0.3, 3.2)
    piled = draw.rng.random(count) * np.where(where == 1, 2.2, 0.6) * thick
    steps = np.linspace(0, 1, len(path))
    heading = np.arctan2(*(path[-1] - path[0])[::-1])
    centre = np.stack([np.interp(along, steps, path[:, k]) for k in range(2)], 1)
    centre[:, 0] += np.minimum(along, 0) * length
    off = side * 0.5 * width * (1 - np.interp(along.clip(0, 1), r[:, 0], np.broadcast_to(taper, s.shape).mean(1)))
    places = np.stack(
        [
            centre[:, 0] - np.sin(heading) * off,
            0.5 * sizes + piled,
            centre[:, 1] + np.cos(heading) * off,
        ],
        1,
    )
    parts.append(grains(draw.rng, places, sizes))
    parts.append(_dust(draw, places, width * 0.09, width * 0.006, int(draw.integer(60, 260) * detail)))
    return joined(parts)


def _dust(draw: Draw, about: np.ndarray, spread: float, size: float, count: int) -> Mesh:
    """The finest grains, blown about the places (N, 3) of coarser ones."""
    places = about[draw.rng.integers(0, len(about), count)] + draw.rng.normal(0, spread, (count, 3))
    sizes = size * draw.rng.lognormal(0, 0.4, count)
    places[:, 1] = 0.6 * sizes
    return grains(draw.rng, places, sizes)


def heap(draw: Draw, radius: float, *, fine: bool | None = None) -> Mesh:
    """A pile of crushed powder, or of loose pigment if `fine`: a rough mound, chunks in it and dust about it."""
    fine = draw.chance(0.35) if fine is None else fine
    n = 112
    side = np.linspace(-1.5, 1.5, n)
    x, z = np.meshgrid(side, side)
    a = np.linspace(0, 2 * np.pi, 181)
    edge = np.sum([draw.normal(1) / k * np.cos(k * a + draw.uniform(0, 6.3)) for k in range(2, 6)], 0)
    outline = (1 + draw.uniform(0.06, 0.2) * edge).clip(0.6, 1.28)
    body = radius * draw.uniform(0.55, 0.75)
    way = np.hypot(x, z) / np.interp(np.arctan2(z, x) % (2 * np.pi), a, outline)
    # The noise reaches the rim, where it frays the outline: whatever sinks below the table is cut away.
    slope = np.sign(1 - way) * np.abs(1 - way) ** draw.uniform(0.6, 1.1)
    lumps = (0.1 if fine else 0.22) * rough(draw, n, n, 2.5) + (0.03 if fine else 0.06) * draw.rng.normal(size=(n, n))
    mound = slope + lumps * np.clip(1.6 - way, 0, 1)
    high = body * (draw.uniform(0.1, 0.22) if fine else draw.uniform(0.12, 0.3))
    points = np.stack([body * x, high * mound.clip(0, None) + LIFT, body * z], 2)
    bed = sheet(points)
    parts = [cut(bed, mound.ravel()[bed.faces].min(1) > 0)]
    count = draw.integer(120, 260) if fine else draw.integer(380, 700)
    angle = draw.rng.uniform(0, 2 * np.pi, count)
    way = np.abs(draw.rng.normal(0.6 if not fine else 0.9, 0.35, count))
    reach = body * np.interp(angle, a, outline) * way
    scale = body * (0.012 if fine else draw.uniform(0.016, 0.036))
    sizes = scale * draw.rng.lognormal(0, 0.35 if fine else 0.75, count).clip(0.3, 3.4)
    lift = high * (1 - way).clip(0, 1) + 0.4 * sizes
    places = np.stack([reach * np.cos(angle), lift, reach * np.sin(angle)], 1)
    parts.append(grains(draw.rng, places, sizes))
    parts.append(_dust(draw, places, body * 0.22, body * 0.008, draw.integer(150, 350)))
    return joined(parts)


def slab(outline: np.ndarray, thick: float, bevel: float, jag: np.ndarray | float = 0.0) -> Mesh:
    """A flat piece of pressed powder over a convex outline (N, 2) of x and z; `jag` roughens its walls."""
    middle = outline.mean(0)
    closed = np.concatenate([outline, outline[:1]])
    arm = closed - middle
    size = np.linalg.norm(arm, axis=1, keepdims=True)
    unit = arm / (size + 1e-9)
    rings = [(size * k, thick) for k in (0.001, 0.35, 0.7)]
    rings += [(np.maximum(size - bevel, 0.002), thick), (np.maximum(size - 0.3 * bevel, 0.004), thick - 0.3 * bevel)]
    rings += [(size, thick - bevel), (size + np.reshape(jag, (-1, 1)), 0.5 * thick), (size, 0.0)]
    points = np.stack([np.concatenate([middle[None] + unit * s], 0) for s, _ in rings])
    heights = np.broadcast_to(np.array([h for _, h in rings])[:, None, None], (*points.shape[:2], 1))
    vertices = np.concatenate([points[..., :1], heights, points[..., 1:]], 2).reshape(-1, 3)
    faces = grid_faces(len(rings), len(closed))
    normals = smooth_normals(vertices, faces)
    if normals[: 2 * len(closed), 1].mean() < 0:
        faces, normals = faces[:, ::-1], -normals
    return Mesh(vertices, faces, normals, np.zeros((len(vertices), 2))).planar(2.0, 2.0)


def _halves(outline: np.ndarray, point: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """The part of a convex outline (N, 2) on the side of a line that `normal` points away from."""
    d = (outline - point) @ normal
    kept: list[np.ndarray] = []
    for k in range(len(outline)):
        p, q, dp, dq = outline[k - 1], outline[k], d[k - 1], d[k]
        if dp * dq < 0:
            kept.append(p + (q - p) * dp / (dp - dq))
        if dq <= 0:
            kept.append(q)
    return np.array(kept) if kept else np.zeros((0, 2))


def _walled(draw: Draw, piece: np.ndarray, thick: float) -> Mesh:
    """A slab with more points along its outline, so that broken walls can be rough."""
    loop = np.concatenate([piece, piece[:1]])
    s = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=1))])
    even = np.linspace(0, s[-1], 90)[:-1]
    fine = np.stack([np.interp(even, s, loop[:, k]) for k in range(2)], 1)
    broken = np.abs(np.hypot(fine[:, 0], fine[:, 1]) - 0.97) > 0.04  # not the cake's own round rim
    fine += (broken * draw.rng.normal(0, 0.012, len(fine)))[:, None] * (fine - fine.mean(0))
    jag = np.append(broken, broken[0]) * np.resize(draw.rng.normal(0, 0.02, len(fine)), len(fine) + 1)
    return slab(fine, thick, 0.02, jag)


def broken(draw: Draw, radius: float) -> Mesh:
    """A cake of pressed powder that fell into pieces, with crumbs in the cracks."""
    thick, square = draw.uniform(0.1, 0.18), draw.chance(0.25)
    a = np.linspace(0, 2 * np.pi, 73)[:-1]
    k = (np.abs(np.cos(a)) ** 14 + np.abs(np.sin(a)) ** 14) ** (-1 / 14) * 0.85 if square else np.full_like(a, 0.97)
    cake = np.stack([np.cos(a), np.sin(a)], 1) * k[:, None]
    focus = draw.rng.uniform(-0.5, 0.5, 2)
    seeds = focus + draw.rng.normal(0, draw.uniform(0.35, 0.6), (draw.integer(4, 10), 2))
    gap, loose = draw.uniform(0.01, 0.06), draw.chance(0.5)
    parts, cracks = [], []
    for i, seed in enumerate(seeds):
        piece = cake
        for j, other in enumerate(seeds):
            if i != j and len(piece) > 2:
                away = other - seed
                unit = away / (np.linalg.norm(away) + 1e-9)
                piece = _halves(piece, (seed + other) / 2 - unit * 0.5 * gap, unit)
        if len(piece) < 3 or np.ptp(piece, 0).min() < 0.06:
            continue
        middle = piece.mean(0)
        away = (middle - focus) * (draw.uniform(0.02, 0.25) if loose else 0.02)
        form = _walled(draw, piece, thick)
        if loose:
            about = (middle[0], 0.0, middle[1])
            form = form.turned("y", draw.normal(7), about).turned("x", draw.normal(1.5), about)
        parts.append(form.moved(away[0], 0, away[1]))
        cracks.append(piece)
    edge = np.concatenate(cracks)
    count = draw.integer(90, 260)
    spot = edge[draw.rng.integers(0, len(edge), count)] + draw.rng.normal(0, 0.13, (count, 2))
    spot = spot * 0.6 + (focus + draw.rng.normal(0, 0.35, (count, 2))) * 0.4
    sizes = draw.uniform(0.016, 0.035) * draw.rng.lognormal(0, 0.6, count).clip(0.3, 4)
    inside = np.hypot(spot[:, 0], spot[:, 1]) < 0.9
    places = np.stack([spot[:, 0], sizes * 0.5 + thick * 0.9 * inside, spot[:, 1]], 1)
    parts += [grains(draw.rng, places, sizes), _dust(draw, places, 0.15, 0.008, 120)]
    return _scaled(joined(parts), radius)


def bitten(draw: Draw, radius: float) -> Mesh:
    """A cake with one side crushed: the whole part keeps its face, the rest is a heap of chunks and dust."""
    thick = draw.uniform(0.1, 0.16)
    a = np.linspace(0, 2 * np.pi, 97)[:-1]
    cake = np.stack([np.cos(a), np.sin(a)], 1) * 0.97
    at = draw.uniform(-0.15, 0.55)
    whole = cake
    for place in (-0.55, 0.0, 0.5):  # three breaks, each at its own angle
        turn = 0.9 * place + draw.normal(0.15)
        point = np.array([at - 0.25 * abs(place) + draw.normal(0.03), place])
        whole = _halves(whole, point, np.array([np.cos(turn), np.sin(turn)]))
    parts = [_walled(draw, whole, thick)]
    count = draw.integer(260, 480)
    across = draw.rng.normal(0, 0.42, count)
    along = at + np.abs(draw.rng.normal(0, draw.uniform(0.22, 0.45), count)) - 0.06
    sizes = draw.uniform(0.02, 0.035) * draw.rng.lognormal(0, 0.7, count).clip(0.3, 3.5) * np.exp(-0.5 * (along - at))
    pile = thick * np.exp(-(((along - at) / 0.25) ** 2)) * draw.rng.random(count)
    places = np.stack([along, pile + 0.5 * sizes, across], 1)
    parts += [grains(draw.rng, places, sizes), _dust(draw, places, 0.12, 0.009, draw.integer(120, 300))]
    bed = heap(draw, 0.5, fine=True).moved(at + 0.12)
    return _scaled(joined([*parts, bed]), radius).turned("y", draw.uniform(0, 360))


def _scaled(mesh: Mesh, factor: float) -> Mesh:
    return Mesh(mesh.vertices * factor, mesh.faces, mesh.normals, mesh.uv)
