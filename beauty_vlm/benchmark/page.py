"""The benchmark's result as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Cell = str | float | int


def to_markdown(found: Mapping[str, Any]) -> str:
    """Tables of everything in `run.benchmark`'s result."""
    machine, ceilings = found["machine"], found["ceilings"]
    rates = ", ".join(f"{name} {rate:.0f} GFLOP/s" for name, rate in ceilings.items() if name != "memory")
    parts = [
        f"{machine['name']} ({machine['device']}, {machine['threads']} threads), torch {machine['torch']}, "
        f"transformers {machine['transformers']}. Measured ceilings: {rates}, memory {ceilings['memory']:.0f} GB/s. "
        f"Photos: {machine['photos']}."
    ]
    profiles: Mapping[str, Any] = found["profiles"]
    captioners = {name: one for name, one in profiles.items() if "precision" in one}
    if captioners:
        parts += [_captioners(captioners), _batches(captioners), _resources(captioners)]
    taggers = {name: one for name, one in profiles.items() if "precision" not in one}
    if taggers:
        parts.append(_taggers(taggers))
    parts += [_report(name, one["report"]) for name, one in profiles.items() if "report" in one]
    if "app" in found:
        app = found["app"]
        values = tuple(map(_known, app.values()))
        starts = table(("first page s", "first description s", "peak MB"), [values])
        parts.append(f"`python app.py`:\n\n{starts}")
    return "\n\n".join(parts)


def _known(value: Cell | None) -> Cell:
    return "–" if value is None else value


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def _captioners(captioners: Mapping[str, Any]) -> str:
    head = (
        "captioner", "precision", "tokens", "plain fp32 p50 / p95 ms", "ours p50 / p95 ms", "plain / ours",
        "floor ms", "ours / floor", "same captions", "logits error",
    )  # fmt: skip
    rows = []
    for name, one in captioners.items():
        plain, ours, agreement = one["latency"]["plain"], one["latency"]["ours"], one["agreement"]
        same = f"{agreement['same_captions']:.1%} of {agreement['photos']}"
        rows.append((
            f"{name} ({one['weights']} weights)", one["precision"], f"{one['tokens']} × {one['beams']} beams",
            f"{plain['p50_ms']} / {plain['p95_ms']}", f"{ours['p50_ms']} / {ours['p95_ms']}", one["speedup_vs_plain"],
            one["floor_ms"], one["ratio_to_floor"], same, f"{agreement['logits_error']:.2g}",
        ))  # fmt: skip
    return "One photo's caption; plain is transformers' `generate`, and both take turns:\n\n" + table(head, rows)


def _taggers(taggers: Mapping[str, Any]) -> str:
    head = (
        "tagger", "million parameters", "plain p50 / p95 ms", "ours p50 / p95 ms", "plain / ours", "floor ms",
        "ours / floor", "1 - cosine", "plain load s", "ours load s",
    )  # fmt: skip
    rows = []
    for name, one in taggers.items():
        plain, ours = one["latency"]["plain"], one["latency"]["ours"]
        rows.append((
            f"{name} ({one['weights']} weights)", one["parameters_m"], f"{plain['p50_ms']} / {plain['p95_ms']}",
            f"{ours['p50_ms']} / {ours['p95_ms']}", one["speedup_vs_plain"], one["floor_ms"], one["ratio_to_floor"],
            f"{one['embedding_error']:.1g}", one["plain_load_s"], one["load_s"],
        ))  # fmt: skip
    return "One photo's embedding, fp32; plain is transformers' `get_image_features`:\n\n" + table(head, rows)


def _batches(captioners: Mapping[str, Any]) -> str:
    measured = [
        (name, count, rates) for name, one in captioners.items() for count, rates in one["photos_per_second"].items()
    ]
    rivals = [way for way in ("plain", "plain fp16") if any(way in rates for _, _, rates in measured)]
    rows = []
    for name, count, rates in measured:
        others = [rates.get(way, "–") for way in rivals]
        times = [round(rates["ours"] / rates[way], 2) if way in rates else "–" for way in rivals]
        rows.append((name, count, *others, rates["ours"], *times))
    head = (
        "captioner", "batch", *(f"{way}, photos/s" for way in rivals), "ours, photos/s",
        *(f"ours / {way}" for way in rivals),
    )  # fmt: skip
    return "Throughput:\n\n" + table(head, rows)


def _resources(captioners: Mapping[str, Any]) -> str:
    rows: list[Sequence[Cell]] = []
    on_gpu = any("gpu_mb" in one["alone"]["ours"] for one in captioners.values())
    for name, one in captioners.items():
        plain, ours = one["alone"]["plain"], one["alone"]["ours"]
        gpu = [way.get("gpu_mb", "–") for way in (plain, ours)] if on_gpu else []
        rows.append((
            name, one["parameters_m"], one["on_disk_mb"], *map(_known, (plain["peak_mb"], ours["peak_mb"],
            ours["imports_mb"])), plain["load_s"], ours["load_s"], *gpu,
        ))  # fmt: skip
    head = (
        "captioner", "million parameters", "MB on disk", "plain peak MB", "ours peak MB", "of it imports",
        "plain load s", "ours load s", *(("plain GPU MB", "ours GPU MB") if on_gpu else ()),
    )  # fmt: skip
    return "Memory and loading, each in a process of its own:\n\n" + table(head, rows)


def _report(name: str, report: Mapping[str, Any]) -> str:
    latency, steps = report["latency"], report["steps_p50_ms"]
    head = ("p50 ms", "p95 ms", "floor of the networks ms", "p50 / floor", *(f"{step} ms" for step in steps))
    row = (latency["p50_ms"], latency["p95_ms"], report["floor_ms"], report["ratio_to_floor"], *steps.values())
    return f"Photo to full report, {name}, over {latency['rounds']} photos:\n\n" + table(head, [row])
