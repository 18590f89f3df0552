"""A post read as a command: its fields, the ids of what it makes, and what the form had shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend import fields, ids
from backend.readers import clean

Form = Mapping[str, list[str]]


@dataclass(frozen=True)
class Posted:
    command_id: str
    command: str
    fields: dict[str, Any]
    new: dict[str, str]
    was: dict[str, Any]
    seen: str | None
    complaints: dict[str, str] = field(default_factory=dict)


def read_post(
    manifest: Mapping[str, Any],
    post: Mapping[str, Any],
    params: Mapping[str, str],
    form: Form,
    scope: Mapping[str, Any],
) -> Posted:
    """`params` are the path's; `scope` needs today, language and seed."""
    declared = manifest["commands"][post["command"]]
    specs = declared["fields"]
    command_id = _stated(form, "_command_id")
    if not ids.is_id(command_id):
        command_id = ids.mint(scope["seed"], post["command"], "")

    given = {**form, **{spec["name"]: [params[spec["name"]]] for spec in specs if spec["name"] in params}}
    new = {name: _new_id(form, name, command_id) for name in sorted(_news(form, declared.get("effect") or []))}
    for spec in specs:
        if spec.get("new"):
            thing = spec["name"].removesuffix("_id")
            stated = _stated(given, spec["name"])
            new[thing] = stated if ids.is_id(stated) else _new_id(form, thing, command_id)
            if not stated:
                given[spec["name"]] = [new[thing]]

    reading = scope["today"], scope["language"], manifest["words"].get(scope["language"], {})
    values, complaints = fields.read(specs, given, *reading)
    shown = [{**spec, "required": False} for spec in specs if f"_was.{spec['name']}" in form]
    # All of it: the fields of a line stand behind the name of their list.
    before = {name.removeprefix("_was."): texts for name, texts in form.items() if name.startswith("_was.")}
    was, _ = fields.read(shown, before, *reading)
    return Posted(
        command_id=command_id,
        command=post["command"],
        fields=values,
        new=new,
        was=was,
        seen=last(form, "_seen") or None,
        complaints=complaints,
    )


def last(form: Form, name: str) -> str:
    return (form.get(name) or [""])[-1]


def _stated(form: Form, name: str) -> str:
    return clean(last(form, name)).lower()


def _new_id(form: Form, thing: str, command_id: str) -> str:
    stated = _stated(form, f"_new.{thing}")
    return stated if ids.is_id(stated) else ids.derived(command_id, thing)


def _news(form: Form, effect: list[Any]) -> set[str]:
    """Everything new that the form or the effect names."""
    named = {name.removeprefix("_new.") for name in form if name.startswith("_new.")}
    return named | {name.split(".")[1] for name in _names(effect) if name.startswith("new.")}


def _names(declaration: Any) -> Iterator[str]:
    if isinstance(declaration, list):
        for item in declaration:
            yield from _names(item)
    elif isinstance(declaration, dict):
        if "$" in declaration:
            yield declaration["$"]
        for item in declaration.values():
            yield from _names(item)
