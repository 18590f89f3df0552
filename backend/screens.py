"""Screens: pages and posts, declared once and answered by both engines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.commands import Command, tag_of
from backend.identity import EVERYBODY
from backend.paths import parse
from backend.values import to_json


@dataclass(frozen=True)
class Part:
    """A piece of a page that can be answered alone: a template, or that template for one row of a list.

    With `of`, it is the row of that list whose id is the parameter `id`, given to the template as `name`.
    """

    template: str
    of: str = ""
    name: str = ""
    id: str = ""

    def to_json(self) -> dict[str, str]:
        """For the manifest."""
        row = {"of": self.of, "name": self.name, "id": self.id} if self.of else {}
        return {"template": self.template, **row}


@dataclass(frozen=True)
class Page:
    """A screen: its paths, template, the sheets it reads, the lists made of them, and its parts.

    `parameters` may come in the query string and are never patient data; what is typed to search is posted
    to `/find/<name>`, answered by the part `find`. `subjects` name where the patients stand whose page it is,
    each a row and its field: `visit.patient_id`.
    `emergency` pages open to anybody who said that it is one, for EMERGENCY_MINUTES, to be read.
    `offline` pages are answered by the device, also while the network is there.
    `camera` pages may ask for the camera. `badge` names the lists whose rows are counted on the app's icon,
    also while another page is open; `badge_sheets` are those of its sheets in which they stand.
    """

    name: str
    paths: Sequence[str]
    template: str
    title: str
    sheets: Sequence[str]
    lists: dict[str, dict[str, Any]]
    roles: frozenset[str] = EVERYBODY
    parts: dict[str, Part] = field(default_factory=dict)
    defaults: dict[str, Any] = field(default_factory=dict)
    parameters: Sequence[str] = ()
    find: str | None = None
    subjects: Sequence[str] = ()
    offline: bool = True
    emergency: bool = False
    camera: bool = False
    badge: Sequence[str] = ()
    badge_sheets: Sequence[str] = ()

    def to_json(self) -> dict[str, Any]:
        """For the manifest; a path that cannot be read stops the start."""
        for path in self.paths:
            parse(path)
        return {
            "name": self.name,
            "title": self.title,
            "paths": list(self.paths),
            "template": self.template,
            "roles": sorted(self.roles),
            "sheets": list(self.sheets),
            "defaults": {name: to_json(value) for name, value in self.defaults.items()},
            "parameters": list(self.parameters),
            "lists": self.lists,
            "parts": {name: part.to_json() for name, part in self.parts.items()},
            "find": self.find,
            "subjects": list(self.subjects),
            "emergency": self.emergency,
            "camera": self.camera,
            "badge": list(self.badge),
            "badge_sheets": list(self.badge_sheets),
        }

    def templates(self) -> set[str]:
        """Every template that it may be answered with."""
        return {self.template, *(part.template for part in self.parts.values())}


@dataclass(frozen=True)
class Post:
    """A form's way in: the command it gives, the page it answers with, and the parts that changed on it."""

    path: str
    command: type[Command]
    then: str
    parts: Sequence[str] = ()
    form: str | None = None
    form_page: str | None = None
    # By this very form a person says that it is an emergency, so it is taken although its page is not theirs yet.
    emergency: bool = False

    def to_json(self) -> dict[str, Any]:
        """For the manifest."""
        parse(self.path)
        return {
            "path": self.path,
            "command": tag_of(self.command),
            "then": self.then,
            "parts": list(self.parts),
            "form": self.form,
            "form_page": self.form_page or self.then,
            "emergency": self.emergency,
        }

    def templates(self) -> set[str]:
        """The form that comes back with its complaints."""
        return {self.form} if self.form else set()
