"""A file of device identifiers read line by line: what item each line tells of, in which packs, with which codes."""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from backend.ids import mint
from backend.inventory.coding import code_key, is_sound

NEEDED = ("primary_di", "brand", "description", "packages")
YES = ("true", "yes", "1")
# Ids follow from the code and the site's own file, so that the same line is the same item next year.
ROOT = "00000000-0000-7000-8000-000000000010"
LEVELS = ("box", "case", "carton", "pallet")
PACKAGE = re.compile(r"([^=;]+)=(\d{1,6})x([^=;]+)")
MOST_HELD = 999_999


class BadLine(Exception):
    """The file, or a line of it, of which no item can be made."""


@dataclass
class Line:
    """One line: `fields` of an item, or the `problem` with it."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    problem: str = ""


def read_items(file: Iterable[str]) -> Iterator[Line]:
    """Every line of a CSV with a heading; raises BadLine when it is no such file."""
    reader = csv.DictReader(file)
    missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
    if missing:
        raise BadLine(f"its heading lacks {', '.join(missing)}")
    try:
        for row in reader:
            line = Line(reader.line_num)
            try:
                line.fields = item_of({name: (value or "").strip() for name, value in row.items() if name}, line)
            except (BadLine, AttributeError) as bad:
                line.problem = str(bad) if isinstance(bad, BadLine) else "it has more columns than its heading"
            yield line
    except csv.Error as error:
        raise BadLine(f"it breaks off at line {reader.line_num}") from error


def item_of(row: dict[str, str], line: Line) -> dict[str, Any]:
    """The fields of the command that records the item."""
    primary = row["primary_di"]
    if not primary:
        raise BadLine("it has no primary identifier")
    name = " · ".join(filter(None, [row["description"] or row["brand"], row["brand"], row.get("model", "")]))
    if not name:
        raise BadLine("it names nothing")
    held = whole(row.get("units_in_base_package", ""), line)
    sizes = {primary: held, **sizes_of(row["packages"], primary, held, line)}
    packs = {unit_of(size, depth): size for depth, size in enumerate(sorted({*sizes.values()} - {1}))}
    names = {size: unit for unit, size in packs.items()}
    for code in sizes:
        check(code, row.get("issuing_agency", ""), line)
    return {
        "item_id": mint(ROOT, "item", code_key(primary)),
        "name": name[:120],
        "base_unit": "each",
        "abc": "C",
        "has_lots": row.get("lot_controlled", "").lower() in YES,
        "has_expiry": row.get("has_expiration", "").lower() in YES,
        "packs": [{"name": unit, "holds": size} for unit, size in packs.items()],
        "codes": [{"code": code, "unit": names.get(size, "each")} for code, size in sizes.items()],
        "source": f"udi:{code_key(primary)}",
    }


def whole(text: str, line: Line) -> int:
    """How many single ones the primary package holds; one where nothing usable is said."""
    if not text:
        return 1
    if not text.isascii() or not text.isdigit() or not 0 < int(text[:9]) <= MOST_HELD:
        line.warnings.append(f"“{text[:20]}” is no number of units; one was taken")
        return 1
    return int(text)


def sizes_of(text: str, primary: str, held: int, line: Line) -> dict[str, int]:
    """How many base units each package holds, worked out from what it contains."""
    contained: dict[str, tuple[int, str]] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        found = PACKAGE.fullmatch(part)
        if found is None:
            line.warnings.append(f"the package “{part[:40]}” could not be read")
        elif found[1] in contained:
            line.warnings.append(f"the package {found[1]} is told of twice; the first was taken")
        else:
            contained[found[1]] = int(found[2]), found[3]
    sizes: dict[str, int] = {primary: held}
    waiting = dict(contained)
    # From the inside out; what is left at the end contains itself, or something nobody tells of.
    while ready := [code for code, (_, inner) in waiting.items() if inner in sizes]:
        for code in ready:
            number, inner = waiting.pop(code)
            size = number * sizes[inner]
            if code in sizes or not 0 < size <= MOST_HELD:
                line.warnings.append(f"the package {code} cannot hold {size}; it was left out")
            else:
                sizes[code] = size
    line.warnings += [
        f"the package {code} contains {inner}, which is not told of" for code, (_, inner) in waiting.items()
    ]
    return {code: size for code, size in sizes.items() if code != primary}


def unit_of(size: int, depth: int) -> str:
    """What a pack is called when the file has no name for it; its size tells two of a level apart."""
    return f"{LEVELS[min(depth, len(LEVELS) - 1)]} of {size}"


def check(code: str, agency: str, line: Line) -> None:
    """A wrong check digit is the maker's fault or a typing error; either way the code is what is on the box."""
    key = code_key(code)
    if not is_sound(code):
        line.warnings.append(f"the check digit of {code} is wrong; it was taken as it is")
    elif agency == "GS1" and not (key.isdigit() and len(key) == 14):
        line.warnings.append(f"{code} is no GTIN; it was taken as a plain code")
