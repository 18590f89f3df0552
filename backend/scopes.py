"""What the names in a template stand for while it is compiled: values, scopes, macros, other templates."""

import json
from dataclasses import dataclass, field

from jinja2 import nodes


@dataclass
class Macro:
    file: str
    function: str
    parameters: list[str]
    defaults: dict[str, str]


@dataclass
class Scope:
    """The names that live as long as a template, block, loop or macro; a top scope keeps them in the context."""

    kind: str
    names: dict[str, str] = field(default_factory=dict)
    to_be_set: set[str] = field(default_factory=set)
    unset: set[str] = field(default_factory=set)
    loop: tuple[str, str] | None = None


@dataclass
class Compiled:
    """One template: its functions, the templates they call, and the names that it makes and uses, with their lines."""

    file: str
    function: str
    functions: list[str] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)
    macros: dict[str, Macro] = field(default_factory=dict)
    only_macros: bool = True
    values: dict[str, int] = field(default_factory=dict)
    callables: dict[str, tuple[int, object]] = field(default_factory=dict)


def names_set(body: list[nodes.Node]) -> set[str]:
    """The names given a value in this very scope: in its ifs, not in its loops, blocks and macros."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            found.add(node.target.name)
        elif isinstance(node, nodes.If):
            found |= names_set(node.body) | names_set(node.else_)
            for other in node.elif_:
                found |= names_set(other.body)
    return found


def is_blank(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Output) and all(
        isinstance(child, nodes.TemplateData) and not child.data.strip() for child in node.nodes
    )


def literal(value) -> str:
    return json.dumps(value)
