"""What a value may be and may do in a template, on the server; web/worker/runtime.js says the same on the device."""

from collections.abc import Mapping

from jinja2 import Environment, StrictUndefined, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import LoopContext
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

LARGEST = 2**53 - 1


class DialectError(Exception):
    """A template uses something that the device could not render to the same bytes."""

    def __init__(self, file: str, line: int, why: str):
        super().__init__(f"{file}:{line}: {why}")
        self.file, self.line, self.why = file, line, why


class RenderError(Exception):
    """A value did not fit its place in a template."""

    def __init__(self, file: str, line: int, why: str):
        super().__init__(f"{file}:{line}: {why}")
        self.file, self.line, self.why = file, line, why


def kind(value) -> str:
    """One of text, markup, integer, boolean, none, list, dict; anything else, or something missing, raises."""
    if type(value) is str:
        return "text"
    # Rows are plain, and asking whether something is a mapping of any kind takes as long as all the rest.
    if type(value) is dict:
        return "dict"
    if type(value) is int and -LARGEST <= value <= LARGEST:
        return "integer"
    if value is None:
        return "none"
    if type(value) is bool:
        return "boolean"
    if isinstance(value, Markup):
        return "markup"
    if isinstance(value, list | tuple):
        return "list"
    if isinstance(value, Mapping):
        return "dict"
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    raise ValueError(f"a template has no {type(value).__name__}")


def need(wanted: str, value):
    if kind(value) != wanted:
        raise ValueError(f"{wanted} is needed here, not {kind(value)}")
    return value


def shown(value):
    """Lets text, numbers and markup through to the page: none, yes and no are for a template to put into words."""
    if kind(value) not in ("text", "integer", "markup"):
        raise ValueError(f"{kind(value)} is not printed")
    return value


def look_up(thing, key):
    """A row's field, or a list's element; what is not there is undefined, and nothing else is ever reached."""
    if kind(thing) == "list":
        if need("integer", key) < 0:
            raise ValueError("a list has no element before its first")
        return thing[key] if key < len(thing) else StrictUndefined(name=str(key))
    need("dict", thing)
    need("text", key)
    return thing[key] if key in thing else StrictUndefined(name=key)


def equal(one, other) -> bool:
    kinds = kind(one), kind(other)
    for each in kinds:
        if each in ("list", "dict", "markup"):
            raise ValueError(f"{each} is not compared")
    return kinds[0] == kinds[1] and one == other


def less(one, other) -> bool:
    if kind(one) != kind(other) or kind(one) not in ("text", "integer"):
        raise ValueError(f"{kind(one)} and {kind(other)} have no order")
    return one < other


def contains(thing, sought) -> bool:
    kind(sought)
    if kind(thing) == "list":
        return any(equal(sought, each) for each in thing)
    if kind(thing) in ("text", "dict"):
        return need("text", sought) in thing
    raise ValueError(f"nothing is in {kind(thing)}")


def joined(*parts):
    if any(kind(part) == "markup" for part in parts):
        return Markup("").join(shown(part) for part in parts)
    return "".join(str(shown(part)) for part in parts)


def is_none(value) -> bool:
    return kind(value) == "none"


def is_defined(value) -> bool:
    return not isinstance(value, Undefined)


# Python's own operators would compare 1 with true, order lists and walk through the letters of a text; so each
# operator is rewritten to one of these before Jinja2 compiles it. The brackets keep them out of a template's reach.
OPERATORS = {
    "(eq)": equal,
    "(ne)": lambda one, other: not equal(one, other),
    "(lt)": less,
    "(lteq)": lambda one, other: not less(other, one),
    "(gt)": lambda one, other: less(other, one),
    "(gteq)": lambda one, other: not less(one, other),
    "(in)": lambda sought, thing: contains(thing, sought),
    "(notin)": lambda sought, thing: not contains(thing, sought),
    "(joined)": joined,
    "(rows)": lambda thing: need("list", thing),
}


def operator(name: str, node: nodes.Node, first: nodes.Node, *rest: nodes.Node) -> nodes.Filter:
    return nodes.Filter(first, name, list(rest), [], None, None, lineno=node.lineno, environment=node.environment)


class Rewriting(NodeTransformer):
    """Puts our operators in the place of Python's."""

    def visit_Compare(self, node):
        self.generic_visit(node)
        return operator(f"({node.ops[0].op})", node, node.expr, node.ops[0].expr)

    def visit_Concat(self, node):
        self.generic_visit(node)
        return operator("(joined)", node, *node.nodes)

    def visit_For(self, node):
        self.generic_visit(node)
        node.iter = operator("(rows)", node, node.iter)
        return node

    def visit_Import(self, node):
        # Macros see nothing of the page, but their filters need its clock, zone and language.
        node.with_context = True
        return node

    visit_FromImport = visit_Import


class Dialect(Environment):
    """Jinja2 with a row's fields as the only attributes and our operators, tests and filters as the only ones."""

    def __init__(self, loader, filters: dict, names: dict):
        super().__init__(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            optimized=False,
            auto_reload=False,
            cache_size=-1,
            finalize=shown,
        )
        self.filters = filters | OPERATORS
        self.tests = {"defined": is_defined, "none": is_none}
        self.globals = dict(names)

    def as_written(self, source: str, name: str) -> nodes.Template:
        return super()._parse(source, name, name)

    def _parse(self, source, name, filename):
        return Rewriting().visit(super()._parse(source, name, filename))

    def getattr(self, thing, attribute):
        if isinstance(thing, LoopContext | TemplateModule):
            return getattr(thing, attribute)
        return look_up(thing, attribute)

    def getitem(self, thing, argument):
        return look_up(thing, argument)
