"""The figures of one run, as a table that a person reads and can keep."""

import os
import platform
import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, beside what we aim for and what the machine can do at all."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    reference: float | None = None
    beside: str = ""  # what the reference is
    load: float = field(default_factory=lambda: os.getloadavg()[0])


def spelled(value: float | None, unit: str) -> str:
    """`812 ms`, `1.24 s`, `103.2 MB`."""
    if value is None:
        return ""
    digits = 0 if value >= 1000 or value == int(value) else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def ratio(figure: Figure) -> str:
    """How many times the reference."""
    return f"{figure.value / figure.reference:.1f}×" if figure.reference else ""


def within(figure: Figure) -> str:
    if figure.aim is None:
        return ""
    return "yes" if figure.value <= figure.aim else f"no, {figure.value / figure.aim:.1f}×"


def shown(figures: list[Figure]) -> str:
    """The table, each column as wide as it must be."""
    lines: list[tuple[str, ...]] = [("figure", "value", "aim", "within", "reference", "ratio", "load")]
    for figure in figures:
        reference = spelled(figure.reference, figure.unit)
        if figure.beside:
            reference = f"{reference} {figure.beside}".strip()
        aim = spelled(figure.aim, figure.unit)
        value = spelled(figure.value, figure.unit)
        lines.append((figure.name, value, aim, within(figure), reference, ratio(figure), f"{figure.load:.1f}"))
    return columns(lines, right={1})


def columns(lines: list[tuple[str, ...]], right: set[int]) -> str:
    """Texts under their heads, which are the first line; `right` are the columns set to the right."""
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    texts = []
    for number, line in enumerate(lines):
        cells = [
            f"{cell:>{width}}" if column in right else f"{cell:<{width}}"
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        texts.append("  ".join(cells).rstrip())
        if number == 0:
            texts.append("  ".join("-" * width for width in widths))
    return "\n".join(texts)


def machine() -> str:
    """Where and under what load it was measured: a figure says nothing without it."""
    loads = " ".join(f"{load:.2f}" for load in os.getloadavg())
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    return f"{system}, load {loads}"


def tell(text: str) -> None:
    """What is under way; the table alone goes to standard output."""
    print(text, file=sys.stderr, flush=True)


def quantile(values: list[float], share: float) -> float:
    """The value below which this share of them lies, by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]
