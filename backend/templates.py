"""Pages and fragments: rendered here by Jinja2, and on the device by the same files compiled to JavaScript."""

import traceback
from collections.abc import Iterable
from pathlib import Path

from jinja2 import FileSystemLoader, TemplateSyntaxError, nodes

from backend.dialect import Dialect, DialectError, RenderError
from backend.filters import FOR_JINJA
from backend.javascript import Statements
from backend.scopes import Compiled, literal
from backend.words import STATUS_WORDS

NAMES = {"status_words": STATUS_WORDS}
RUNTIME = "Markup, both, contains, either, equal, filters, joined, kind, less, located, lookUp, need, shown, truthy"


class Templates:
    """All templates of a folder, checked and compiled for both renderers when the program starts.

    A file outside of the dialect raises DialectError, whether its page works offline or not; a value that does not
    fit raises RenderError. Both name file and line.
    """

    def __init__(self, folder: Path):
        self.environment = Dialect(FileSystemLoader(folder), FOR_JINJA, NAMES)
        self.files = sorted(path.relative_to(folder).as_posix() for path in html_files(folder))
        self.compiled: dict[str, Compiled] = {}
        self.under_way: list[str] = []
        for file in self.files:
            self.compile(file)
        self.refuse_names_with_two_meanings()
        self.ready = {file: self.environment.get_template(file) for file in self.files}

    def render(self, name: str, context: dict) -> str:
        try:
            return self.ready[name].render(context)
        except Exception as error:
            file, line = self.place_of(error, name)
            raise RenderError(file, line, str(error)) from error

    def javascript(self, names: Iterable[str], runtime: str = "./runtime.js") -> str:
        """One ES module that exports `templates`: each name's function from a context to HTML."""
        names = sorted(names)
        functions = [function for file in self.with_all_they_call(names) for function in self.compiled[file].functions]
        exports = [
            f"  {literal(name)}: (context) => "
            f"{self.compiled[name].function}({{ __proto__: null, status_words, ...context }}, {{}}),"
            for name in names
        ]
        return "\n".join([
            f"import {{ {RUNTIME} }} from {literal(runtime)};",
            f"const status_words = {literal(STATUS_WORDS)};",
            *functions,
            "export const templates = {",
            "  __proto__: null,",
            *exports,
            "};",
            "",
        ])  # fmt: skip

    def compile(self, file: str) -> Compiled:
        if file not in self.compiled:
            self.under_way.append(file)
            source = self.environment.loader.get_source(self.environment, file)[0]
            try:
                tree = self.environment.as_written(source, file)
                # Kept by the environment, so that nothing is compiled twice.
                self.environment.get_template(file)
            except TemplateSyntaxError as error:
                raise DialectError(file, error.lineno, error.message) from error
            self.compiled[file] = Statements(file, self.files.index(file), tree, self.neighbour).result
            self.under_way.pop()
        return self.compiled[file]

    def neighbour(self, node: nodes.Node, file: str) -> Compiled:
        if file not in self.files:
            raise DialectError(self.under_way[-1], node.lineno, f"there is no template {file}")
        if file in self.under_way:
            raise DialectError(self.under_way[-1], node.lineno, f"{file} would come to contain itself")
        return self.compile(file)

    def refuse_names_with_two_meanings(self) -> None:
        """Jinja2 hands macros to included and extended templates beside the values, our JavaScript does not."""
        meanings: dict[str, object] = {}
        for compiled in self.compiled.values():
            for name, (line, what) in compiled.callables.items():
                if meanings.setdefault(name, what) != what:
                    raise DialectError(compiled.file, line, f"“{name}” is another macro elsewhere")
        for compiled in self.compiled.values():
            for name, line in compiled.values.items():
                if name in meanings:
                    raise DialectError(compiled.file, line, f"“{name}” is a macro elsewhere, so it cannot be a value")

    def with_all_they_call(self, names: Iterable[str]) -> list[str]:
        found, waiting = set(), list(names)
        while waiting:
            file = waiting.pop()
            if file not in found:
                found.add(file)
                waiting += self.compiled[file].calls
        return sorted(found)

    def place_of(self, error: Exception, name: str) -> tuple[str, int]:
        """The innermost template line that the error went through."""
        known = {template.filename: file for file, template in self.ready.items()}
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in known]
        return (known[frames[-1].filename], frames[-1].lineno) if frames else (name, 0)


def html_files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*.html") if "node_modules" not in path.parts)
