"""Templates as plain JavaScript functions; every statement that is not named here is refused."""

from collections.abc import Callable

from jinja2 import nodes
from markupsafe import escape

from backend.expressions import Expressions
from backend.scopes import Compiled, Macro, Scope, is_blank, literal, names_set


class Statements(Expressions):
    """Translates one template; `neighbour(node, file)` gives another one, already translated."""

    def __init__(self, file: str, number: int, tree: nodes.Template, neighbour: Callable[[nodes.Node, str], Compiled]):
        super().__init__(file)
        self.result = Compiled(file, f"t{number}", values=self.read)
        self.neighbour = neighbour
        self.lines: list[str] = []
        self.constant = ""
        self.count = 0
        self.ifs = 0
        self.parent: Compiled | None = None
        self.first = tree.body[0] if tree.body else None
        self.blocks: dict[str, str] = {}
        self.function(self.result.function, ["context", "blocks"], Scope("top"), tree.body)

    # writing

    def write(self, line: str) -> None:
        self.flush()
        self.lines.append(line)

    def flush(self) -> None:
        if self.constant:
            self.lines.append(f"out += {literal(self.constant)};")
            self.constant = ""

    def add(self, node: nodes.Node, html: str) -> None:
        before = f"{literal(self.constant)} + " if self.constant else ""
        self.constant = ""
        self.lines.append(f"at = {node.lineno}; out += {before}{html};")

    def fresh(self, name: str) -> str:
        self.count += 1
        return f"{name}{self.count}"

    def function(self, name: str, parameters: list[str], scope: Scope, body: list[nodes.Node]) -> None:
        self.flush()
        kept = self.lines, self.scopes, self.ifs
        self.lines, self.scopes, self.ifs = [], [], 0
        self.write(f"function {name}({', '.join(parameters)}) {{")
        self.write('let at = 0, out = "";')
        self.write("try {")
        self.within(scope, body)
        if scope.kind == "top" and self.parent:
            own = "".join(f"{literal(block)}: {function}, " for block, function in self.blocks.items())
            self.write(f"out = {self.parent.function}(context, {{ __proto__: null, {own}...blocks }});")
        self.write("return out;")
        self.write(f"}} catch (error) {{ throw located(error, {literal(self.file)}, at); }}")
        self.write("}")
        self.result.functions.append("\n".join(self.lines))
        self.lines, self.scopes, self.ifs = kept

    def within(self, scope: Scope, body: list[nodes.Node]) -> None:
        """A name that a scope sets means there, until then, what it means outside, as in Jinja2."""
        for name in sorted(names_set(body)):
            scope.to_be_set.add(name)
            if scope.kind != "top" and name not in scope.names:
                outside = self.outside(name, scope)
                scope.names[name] = self.fresh(f"{name}_")
                self.write(f"let {scope.names[name]} = {outside or 'undefined'};")
                if outside is None:
                    scope.unset.add(name)
        self.scopes.append(scope)
        ifs, self.ifs = self.ifs, 0
        self.body(body)
        self.flush()
        self.ifs = ifs
        self.scopes.pop()

    def outside(self, name: str, inner: Scope) -> str | None:
        for scope in (inner, *reversed(self.scopes)):
            if name in scope.names:
                return scope.names[name]
            if scope.kind == "macro":
                return None
        return f"context.{name}"

    # statements

    def body(self, statements: list[nodes.Node]) -> None:
        for node in statements:
            translate = getattr(self, f"write_{type(node).__name__.lower()}", None)
            if translate is None:
                self.refuse(node, f"the dialect has no {type(node).__name__}")
            makes_nothing = isinstance(node, nodes.Macro | nodes.Import | nodes.FromImport) or is_blank(node)
            if self.stands_at("top"):
                self.result.only_macros &= makes_nothing
            if self.parent and self.stands_at("top"):
                if is_blank(node):
                    continue
                if not makes_nothing and not isinstance(node, nodes.Assign | nodes.Block):
                    self.refuse(node, "beside its blocks, a template that extends another only sets and imports")
            translate(node)

    def stands_at(self, *kinds: str) -> bool:
        return len(self.scopes) == 1 and self.scopes[0].kind in kinds and not self.ifs

    def only_at_top(self, node: nodes.Node) -> None:
        if not self.stands_at("top"):
            self.refuse(node, f"{type(node).__name__} stands at the top of a template, not inside of something")

    def file_named(self, node: nodes.Node) -> Compiled:
        if not isinstance(node.template, nodes.Const) or not isinstance(node.template.value, str):
            self.refuse(node, "the name of another template is written out")
        self.result.calls.add(node.template.value)
        return self.neighbour(node, node.template.value)

    def write_output(self, node):
        for child in node.nodes:
            html = self.shown(child) if not isinstance(child, nodes.TemplateData) else None
            if html is None:
                self.constant += child.data
            elif isinstance(child, nodes.Const):
                self.constant += str(escape(child.value))
            else:
                self.add(child, html)

    def write_if(self, node):
        self.write(f"at = {node.lineno};")
        self.write(f"if ({self.condition(node.test)}) {{")
        self.ifs += 1
        self.body(node.body)
        for other in node.elif_:
            self.write(f"}} else if (((at = {other.lineno}), {self.condition(other.test)})) {{")
            self.body(other.body)
        if node.else_:
            self.write("} else {")
            self.body(node.else_)
        self.ifs -= 1
        self.write("}")

    def write_for(self, node):
        if not isinstance(node.target, nodes.Name) or node.test or node.recursive:
            self.refuse(node, "a for walks through a list with one name, without condition or recursion")
        rows, at = self.fresh("$rows"), self.fresh("$at")
        element = self.fresh(f"{self.new_name(node.target.name, node)}_")
        self.write(f"at = {node.lineno};")
        self.write(f'const {rows} = need("list", {self.value(node.iter)});')
        self.write(f"for (let {at} = 0; {at} < {rows}.length; {at}++) {{")
        self.write(f"let {element} = {rows}[{at}];")
        self.within(Scope("loop", {node.target.name: element}, loop=(at, rows)), node.body)
        self.write("}")
        if node.else_:
            self.write(f"if ({rows}.length === 0) {{")
            self.within(Scope("else"), node.else_)
            self.write("}")

    def write_assign(self, node):
        if not isinstance(node.target, nodes.Name):
            self.refuse(node, "set gives a value to one name")
        name, scope, value = self.new_name(node.target.name, node), self.scopes[-1], self.value(node.node)
        if name in scope.unset and self.ifs:
            self.refuse(node, f"“{name}” needs a value before this if")
        scope.unset.discard(name)
        scope.to_be_set.discard(name)
        self.write(f"at = {node.lineno}; {scope.names.get(name, f'context.{name}')} = {value};")

    def write_include(self, node):
        if node.ignore_missing or not node.with_context:
            self.refuse(node, "an include gets the page's context, and its file is there")
        if any(scope.kind == "macro" for scope in self.scopes):
            self.refuse(node, "a macro includes nothing, for it does not see the page")
        known = {name: variable for scope in self.scopes for name, variable in scope.names.items()}
        given = "".join(f", {name}: {variable}" for name, variable in known.items())
        self.add(node, f"{self.file_named(node).function}({{ __proto__: null, ...context{given} }}, {{}})")

    def write_extends(self, node):
        if node is not self.first:
            self.refuse(node, "extends is the first thing in its file")
        self.parent = self.file_named(node)

    def write_block(self, node):
        if node.scoped or node.required:
            self.refuse(node, "a block is neither scoped nor required")
        if not self.stands_at("top", "block"):
            self.refuse(node, "a block stands at the top of a template or of another block")
        child = self.parent and self.stands_at("top")
        self.blocks[node.name] = f"{self.result.function}_b{len(self.blocks)}"
        own = self.blocks[node.name]
        self.function(own, ["context", "blocks"], Scope("block"), node.body)
        if not child:
            self.add(node, f"(blocks[{literal(node.name)}] ?? {own})(context, blocks)")

    # macros

    def write_macro(self, node):
        self.only_at_top(node)
        parameters = [argument.name for argument in node.args]
        defaults = dict(zip(parameters[len(parameters) - len(node.defaults) :], node.defaults, strict=True))
        for value in defaults.values():
            if not isinstance(value, nodes.Const):
                self.refuse(node, "a macro's defaults are constants")
        values = {name: self.value(value) for name, value in defaults.items()}
        function = f"{self.result.function}_m{len(self.result.macros)}"
        macro = Macro(self.file, function, parameters, values)
        self.result.macros[node.name] = macro
        self.callable(node, node.name, macro)
        names = {}
        for argument in node.args:
            if argument.name in names:
                self.refuse(node, f"“{argument.name}” is there twice")
            names[self.plain_name(argument.name, node)] = self.fresh(f"{argument.name}_")
        self.function(function, ["context", *names.values()], Scope("macro", names), node.body)

    def write_import(self, node):
        self.only_at_top(node)
        self.callable(node, node.target, self.imported(node).macros)

    def write_fromimport(self, node):
        self.only_at_top(node)
        macros = self.imported(node).macros
        for name in node.names:
            name, alias = name if isinstance(name, tuple) else (name, name)
            if name not in macros:
                self.refuse(node, f"{node.template.value} has no macro “{name}”")
            self.callable(node, alias, macros[name])

    def imported(self, node: nodes.Node) -> Compiled:
        found = self.file_named(node)
        if not found.only_macros:
            self.refuse(node, f"{found.file} is imported, so it may hold nothing but macros and imports")
        return found

    def callable(self, node: nodes.Node, name: str, what: Macro | dict[str, Macro]) -> None:
        self.macros[self.plain_name(name, node)] = what
        self.result.callables[name] = node.lineno, what
