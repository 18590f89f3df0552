"""The rules of the house, as functions over a checkout: each returns one sentence for every breach."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

# The building from the ground up: a file imports only what stands before it.
ORDER = """
    errors ids logs clock wall_clock words dialect scopes sentences values zones settings
    addresses validity base64url crockford writing certificates disk keyring recovery sealed_file listeners identity
    database nodes work sheets paths translating filters lists effects expressions hibc scanning cleaning readers fields
    callers feed_tables feed pulling kept_sheets shelf painting javascript templates migrating journal receipts concerns
    commands waiting posts screens answers deciding within cases performing timetable giving
    access_log access_handed_in anchors noticing emergencies own_rows histories house manifest serving at_office
    assets builds trusting problems
""".split()
# The program's edge: what puts the house together or drives it from outside. Only these name the rooms.
EDGE = """
    app checking demo demo_supplies fhir importing_items running rotating greeting benching welcoming __main__
    snapshots manifests unpacking recording backing_up nightly readmitting comparing placing restoring rehearsing
    backup_arguments backup_commands
""".split()
# Whose front door a room may knock at.
NEIGHBOURS = {
    "office": [],
    "staff": [],
    "devices": ["office", "staff"],
    "patients": ["staff"],
    "scheduling": ["patients", "staff"],
    "payments": ["scheduling", "staff"],
    "checkin": ["devices", "patients", "payments", "scheduling", "staff"],
    "sync": ["counts", "devices", "downtime", "inventory", "office", "staff"],
    "files": ["devices"],
    "backups": ["devices", "office"],
    "privacy": ["patients"],
    "inventory": ["approvals"],
    "approvals": [],
    "counts": ["approvals", "inventory", "staff"],
    "downtime": ["devices", "office", "scheduling", "staff"],
    "today": ["devices", "office", "staff"],
    "history": ["devices", "staff"],
}
MOST_LINES = 250
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "service", "services", "manager", "managers", "common", "misc"}
UNFINISHED = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "NotImplemented" + "Error"]) + r")\b")
INCLUDES = re.compile(r"""{%-?\s*(?:include|extends|import|from)\s+["']([^"']+)["']""")


def imports_of(file: Path) -> Iterator[list[str]]:
    """Every `backend…` module that a file names, in parts: `["patients", "models"]`."""
    for node in ast.walk(ast.parse(file.read_text())):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports by dots; write the whole name"
            names = [node.module or ""]
            if node.module == "backend":
                names = [f"backend.{alias.name}" for alias in node.names if alias.name != "VERSION"]
        yield from (name.split(".")[1:] for name in names if name.startswith("backend."))


def rooms_of(backend: Path) -> list[str]:
    """The folders of the backend that are rooms."""
    return sorted(path.parent.name for path in backend.glob("*/__init__.py") if path.parent.name not in EDGE)


def building_breaches(backend: Path) -> Iterator[str]:
    """Files of the building that import upwards, or a room."""
    rooms = rooms_of(backend)
    for file in sorted(backend.glob("*.py")):
        name = file.stem
        if name in ("__init__", *EDGE):
            continue
        if name not in ORDER:
            yield f"backend/{name}.py has no place in the order of the building"
            continue
        for parts in imports_of(file):
            if parts[0] in rooms:
                yield f"backend/{name}.py imports the room {parts[0]}"
            elif parts[0] in EDGE or ORDER.index(parts[0]) >= ORDER.index(name):
                yield f"backend/{name}.py imports {parts[0]}, which stands above it"


def room_breaches(backend: Path) -> Iterator[str]:
    """Rooms that pass through another's wall, or through a door that is not declared theirs."""
    rooms = rooms_of(backend)
    for room in rooms:
        if room not in NEIGHBOURS:
            yield f"the room {room} has no line in the table of neighbours"
            continue
        for file in sorted((backend / room).rglob("*.py")):
            for parts in imports_of(file):
                where = f"backend/{room}/{file.name} imports {'.'.join(parts)}"
                if parts[0] in EDGE:
                    yield f"{where}: that is the edge of the program"
                elif parts[0] in rooms and parts[0] != room and parts[0] not in NEIGHBOURS[room]:
                    yield f"{where}: no neighbour of {room}"
                elif parts[0] in rooms and parts[0] != room and len(parts) > 1:
                    yield f"{where}: neighbours come by the front door"


def circles(neighbours: dict[str, list[str]]) -> Iterator[str]:
    """Rooms that reach themselves through their neighbours."""
    for room in neighbours:
        seen: set[str] = set()
        waiting = list(neighbours[room])
        while waiting:
            other = waiting.pop()
            if other not in seen:
                seen.add(other)
                waiting += neighbours[other]
        if room in seen:
            yield f"{room} reaches itself"


def template_breaches(web: Path) -> Iterator[str]:
    """Templates that take pieces from other rooms."""
    for file in sorted(web.rglob("*.html")):
        if "node_modules" in file.parts:
            continue
        room = file.relative_to(web).parts[0]
        for named in INCLUDES.findall(file.read_text()):
            if named.split("/")[0] not in (room, "shell"):
                yield f"{file.relative_to(web)} takes {named}, which is neither its own nor the shell's"


def length_breaches(root: Path, files: list[str]) -> Iterator[str]:
    """Files that are two jobs."""
    for name in files:
        kind = Path(name).suffix
        if kind not in (".py", ".js", ".mjs", ".css", ".html") or name.startswith("tests/cases/"):
            continue
        lines = len((root / name).read_text().splitlines())
        if lines > MOST_LINES:
            yield f"{name} has {lines} lines; at {MOST_LINES} a file is two jobs"


def name_breaches(files: list[str]) -> Iterator[str]:
    """Files named for nothing that the office does."""
    for name in files:
        stem = Path(name).stem.removeprefix("test_").strip("_")
        if stem in FORBIDDEN_NAMES or FORBIDDEN_NAMES & set(Path(name).parts[:-1]):
            yield f"{name} is named for no job"


def unfinished(root: Path, files: list[str]) -> Iterator[str]:
    """Work that was put off inside the code."""
    for name in files:
        if Path(name).suffix in (".py", ".js", ".mjs", ".css", ".html") and (root / name).name != "structure.py":
            for number, line in enumerate((root / name).read_text().splitlines(), 1):
                if UNFINISHED.search(line):
                    yield f"{name}:{number} puts something off"
