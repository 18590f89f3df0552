"""Recorded examples: each version of each command as a device once said it. They are added to, never changed."""

from pathlib import Path
from typing import Any

import msgspec

from backend.app import ROOMS
from backend.commands import Command
from backend.house import kinds_of

FOLDER = Path(__file__).parent
# Of each version of each command, the present class.
KINDS = kinds_of(ROOMS)


class Recorded(msgspec.Struct, frozen=True, kw_only=True):
    """What was said in one version of a command, and what its fields then had to be (JSON Schema, without words)."""

    command: str
    v: int
    fields: dict[str, Any]
    was: dict[str, Any] = {}
    shape: dict[str, Any]


def shape_of(kind: type[Command]) -> dict[str, Any]:
    """What a command's fields must be, whatever they and its class are called."""
    [schema], parts = msgspec.json.schema_components([kind], ref_template="{name}")
    shape: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(bare(schema, parts)))
    return shape


def bare(schema: Any, parts: dict[str, Any]) -> Any:
    """A schema with its parts in place and without what only people read."""
    if isinstance(schema, list):
        return [bare(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return bare(parts[schema["$ref"]], parts)
    said = {name for name in ("title", "description") if isinstance(schema.get(name), str)}
    return {name: bare(value, parts) for name, value in schema.items() if name not in said}


def room_of(command: str) -> str:
    """`checkin`; what belongs to no room is the building's."""
    room, dot, _ = command.partition(".")
    return room if dot else "building"


def recorded() -> list[Recorded]:
    """Every example there is."""
    files = sorted(FOLDER.glob("*.json"))
    return [each for file in files for each in msgspec.json.decode(file.read_bytes(), type=list[Recorded])]


def keep(examples: list[Recorded]) -> None:
    """Write them down, a file for each room."""
    for room in {room_of(each.command) for each in examples}:
        own = sorted(
            (each for each in examples if room_of(each.command) == room), key=lambda each: (each.command, each.v)
        )
        text = msgspec.json.format(msgspec.json.encode(own, order="sorted"), indent=1)
        (FOLDER / f"{room}.json").write_bytes(text + b"\n")
