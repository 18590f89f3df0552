"""One expression of a template as JavaScript, and which names it may use; all that is not named here is refused."""

import re
from typing import NoReturn

from jinja2 import nodes

from backend.dialect import LARGEST, DialectError
from backend.filters import FILTERS
from backend.scopes import Macro, Scope, literal

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
JINJA_NAMES = {"loop", "self", "super", "caller", "varargs", "kwargs"}
SETTINGS = {"now", "zone", "language", "words", "status_words", "seed"}
LOOP_FIELDS = {"index": "{0} + 1", "first": "{0} === 0", "last": "{0} === {1}.length - 1"}
COMPARISONS = {
    "eq": "equal({0}, {1})", "ne": "!equal({0}, {1})", "lt": "less({0}, {1})", "gt": "less({1}, {0})",
    "lteq": "!less({1}, {0})", "gteq": "!less({0}, {1})", "in": "contains({1}, {0})", "notin": "!contains({1}, {0})",
}  # fmt: skip
YES_OR_NO = (nodes.Compare, nodes.Not, nodes.Test)


class Expressions:
    """Translates the expressions of one template; `scopes` has the innermost scope last."""

    def __init__(self, file: str):
        self.file = file
        self.scopes: list[Scope] = []
        self.macros: dict[str, Macro | dict[str, Macro]] = {}
        self.read: dict[str, int] = {}

    def refuse(self, node: nodes.Node, why: str) -> NoReturn:
        # Jinja2 gives some of the nodes that it makes up itself no line.
        line = node.lineno or next(part.lineno for part in node.find_all(nodes.Node) if part.lineno)
        raise DialectError(self.file, line, why)

    # names

    def plain_name(self, name: str, node: nodes.Node) -> str:
        if not NAME.fullmatch(name) or name in JINJA_NAMES:
            self.refuse(node, f"“{name}” is no name for a value")
        return name

    def new_name(self, name: str, node: nodes.Node) -> str:
        if name in SETTINGS:
            self.refuse(node, f"“{name}” belongs to the page and is not given another value")
        self.read.setdefault(self.plain_name(name, node), node.lineno)
        return name

    def variable(self, name: str, node: nodes.Node) -> str:
        self.read.setdefault(self.plain_name(name, node), node.lineno)
        for depth, scope in enumerate(reversed(self.scopes)):
            if depth and name in scope.to_be_set:
                # Jinja2 takes such a name for missing even when the page has it.
                self.refuse(node, f"“{name}” is set outside of this loop, but only further down")
            if name in scope.unset:
                self.refuse(node, f"“{name}” is set further down only")
            if name in scope.names:
                return scope.names[name]
            if scope.kind == "macro":
                self.refuse(node, f"a macro sees only its parameters, not “{name}”")
            if scope.kind in ("top", "block"):
                break
        return f"context.{name}"

    def loop_field(self, node: nodes.Getattr) -> str:
        if node.attr not in LOOP_FIELDS:
            self.refuse(node, f"a loop has index, first and last, not {node.attr}")
        loop = self.scopes[-1].loop
        if loop is None:
            self.refuse(node, "“loop” is known inside of a for only")
        return f"({LOOP_FIELDS[node.attr].format(*loop)})"

    # expressions

    def value(self, node: nodes.Node) -> str:
        translate = getattr(self, f"value_of_{type(node).__name__.lower()}", None)
        if translate is None:
            self.refuse(node, f"the dialect has no {type(node).__name__}")
        return translate(node)

    def condition(self, node: nodes.Node) -> str:
        if isinstance(node, nodes.And | nodes.Or):
            sign = "&&" if isinstance(node, nodes.And) else "||"
            return f"({self.condition(node.left)} {sign} {self.condition(node.right)})"
        return self.value(node) if isinstance(node, YES_OR_NO) else f"truthy({self.value(node)})"

    def shown(self, node: nodes.Node) -> str:
        """The expression as HTML."""
        if isinstance(node, nodes.Const) and type(node.value) not in (str, int):
            self.refuse(node, "none, true and false are not printed")
        if isinstance(node, YES_OR_NO):
            self.refuse(node, "yes and no are not printed")
        return self.call(node) if isinstance(node, nodes.Call) else f"shown({self.value(node)})"

    def value_of_name(self, node):
        if node.name in self.macros:
            self.refuse(node, f"the macro “{node.name}” can only be called")
        return self.variable(node.name, node)

    def value_of_const(self, node):
        if isinstance(node.value, float) or (type(node.value) is int and node.value > LARGEST):
            self.refuse(node, "numbers are whole and below 2^53")
        return literal(node.value)

    def value_of_templatedata(self, node):
        return literal(node.data)

    def value_of_list(self, node):
        return f"[{', '.join(map(self.value, node.items))}]"

    def value_of_getattr(self, node):
        if isinstance(node.node, nodes.Name) and node.node.name == "loop":
            return self.loop_field(node)
        return f"lookUp({self.value(node.node)}, {literal(node.attr)})"

    def value_of_getitem(self, node):
        return f"lookUp({self.value(node.node)}, {self.value(node.arg)})"

    def value_of_and(self, node):
        return f"both({self.value(node.left)}, () => {self.value(node.right)})"

    def value_of_or(self, node):
        return f"either({self.value(node.left)}, () => {self.value(node.right)})"

    def value_of_not(self, node):
        return f"!{self.condition(node.node)}"

    def value_of_compare(self, node):
        if len(node.ops) != 1:
            self.refuse(node, "comparisons are not chained")
        operand = node.ops[0]
        return COMPARISONS[operand.op].format(self.value(node.expr), self.value(operand.expr))

    def value_of_condexpr(self, node):
        if node.expr2 is None:
            self.refuse(node, "an if in an expression needs its else")
        return f"({self.condition(node.test)} ? {self.value(node.expr1)} : {self.value(node.expr2)})"

    def value_of_concat(self, node):
        return f"joined({', '.join(map(self.value, node.nodes))})"

    def value_of_test(self, node):
        if node.name not in ("defined", "none") or node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.refuse(node, f"the tests are “is defined” and “is none”, not “is {node.name}”")
        return (
            f"({self.value(node.node)} !== undefined)"
            if node.name == "defined"
            else (f'(kind({self.value(node.node)}) === "none")')
        )

    def value_of_filter(self, node):
        if node.node is None or node.name not in FILTERS:
            self.refuse(node, f"there is no filter “{node.name}”")
        if node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.refuse(node, "a filter takes its arguments by position")
        wanted = FILTERS[node.name][1]
        if len(node.args) != wanted:
            self.refuse(node, f"the filter “{node.name}” takes {wanted} arguments, not {len(node.args)}")
        return f"filters.{node.name}({', '.join(['context', *map(self.value, [node.node, *node.args])])})"

    # macros

    def value_of_call(self, node):
        return f"new Markup({self.call(node)})"

    def call(self, node: nodes.Call) -> str:
        macro = self.called(node)
        if node.dyn_args or node.dyn_kwargs:
            self.refuse(node, "a macro's arguments are written out")
        if len(node.args) > len(macro.parameters):
            self.refuse(node, f"this macro takes {len(macro.parameters)} arguments, not {len(node.args)}")
        given = dict(zip(macro.parameters, map(self.value, node.args), strict=False))
        for pair in node.kwargs:
            if pair.key not in macro.parameters or pair.key in given:
                self.refuse(node, f"“{pair.key}” is unknown to this macro, or given twice")
            given[pair.key] = self.value(pair.value)
        given = macro.defaults | given
        if missing := [name for name in macro.parameters if name not in given]:
            self.refuse(node, f"this macro also needs “{missing[0]}”")
        return f"{macro.function}({', '.join(['context', *(given[name] for name in macro.parameters)])})"

    def called(self, node: nodes.Call) -> Macro:
        target = node.node
        found = None
        if isinstance(target, nodes.Name):
            found = self.macros.get(target.name)
        elif isinstance(target, nodes.Getattr) and isinstance(target.node, nodes.Name):
            module = self.macros.get(target.node.name)
            found = module.get(target.attr) if isinstance(module, dict) else None
        if not isinstance(found, Macro):
            self.refuse(node, "only a macro that was made or imported further up can be called")
        return found
