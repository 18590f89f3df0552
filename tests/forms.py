"""Reading a page as a person without script does: its text, its links, and its forms with what is filled in."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any


@dataclass
class Form:
    """One form of a page: where it goes, and what it would send as it stands."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, **values: Any) -> dict[str, Any]:
        """What is sent once these fields are filled in."""
        return {**self.fields, **values}


class Reader(HTMLParser):
    """Collects the forms and the visible text."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.words: list[str] = []
        self._select, self._first = "", False
        self._open: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self._open = Form(given.get("action") or "")
            self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "input" and name:
            if given.get("type") not in ("checkbox", "radio") or "checked" in given:
                self._open.fields.setdefault(name, []).append(value)
        elif tag == "button" and name:
            self._open.buttons.append((name, value))
        elif tag == "select":
            self._select, self._first = name, True
        elif tag == "option" and self._select and (self._first or "selected" in given):
            self._open.fields[self._select] = [value]
            self._first = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(html: str) -> Reader:
    """The page."""
    reader = Reader()
    reader.feed(html)
    return reader


def form_to(html: str, end: str) -> Form:
    """The first form whose address ends so."""
    found = [form for form in read(html).forms if form.action.endswith(end)]
    assert found, f"there is no form to …{end}, only to {[form.action for form in read(html).forms]}"
    return found[0]


def text_of(html: str) -> str:
    """What is read aloud, in single spaces."""
    return " ".join(" ".join(read(html).words).split())
