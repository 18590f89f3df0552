"""The manifest: everything declared in Python that the device interprets, as one plain object."""

from collections.abc import Sequence
from typing import Any

from backend import VERSION
from backend.callers import has_all
from backend.commands import Undo, tag_of
from backend.fields import specs
from backend.house import Room
from backend.identity import EMERGENCY_MINUTES, PURPOSES, REVIEWERS_ONLY, SHEET_ROLES
from backend.screens import Page
from backend.sentences import SENTENCES
from backend.words import SPANISH

# Answered by the office only: a form among them begins or ends a session.
PASSES = ("/signin", "/signin/second", "/signin/passkey", "/signout")
# Pages of the office, with all below them, that a locked device still asks it for.
OPEN = ("/signin", "/enrol")
SHELL_TEMPLATES = (
    "shell/_complaint.html",
    "shell/_emergency.html",
    "shell/error.html",
    "shell/locked.html",
    "shell/missing.html",
    "shell/needs_office.html",
    "shell/refused.html",
)
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), "
        "publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
    "Cache-Control": "no-store",
}
# For the pages that have a camera to show; no other may ask for it.
WITH_CAMERA = {"Permissions-Policy": HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")}


def pages_of(rooms: Sequence[Room]) -> list[Page]:
    """Every page; two of one name stop the start."""
    pages = [page for room in rooms for page in room.pages]
    names = [page.name for page in pages]
    if len(set(names)) != len(names):
        raise ValueError("two pages have the same name")
    return pages


def offline_templates(rooms: Sequence[Room]) -> set[str]:
    """Every template that the device may have to render."""
    names = set(SHELL_TEMPLATES)
    for room in rooms:
        for page in room.pages:
            names |= page.templates() if page.offline else set()
        for post in room.posts:
            names |= post.templates()
    return names


def manifest_of(rooms: Sequence[Room], build: str, assets: Sequence[str]) -> dict[str, Any]:
    """What the worker is told. Only commands that a form can give or take back are in it: imports have none."""
    posts = [post for room in rooms for post in room.posts]
    undone = [kind for room in rooms for kind in room.commands if kind.undo]
    kinds = {tag_of(kind): kind for kind in [Undo, *(post.command for post in posts), *undone]}
    return {
        "build": build,
        "app": VERSION,
        "proto": 1,
        "pages": [page.to_json() for page in pages_of(rooms)],
        "posts": [post.to_json() for post in posts],
        "commands": {
            tag: {
                "v": kind.v,
                "truth": kind.truth,
                "title": kind.title,
                "fields": specs(kind),
                "effect": list(kind.effect),
                "undo": kind.undo,
            }
            for tag, kind in kinds.items()
        },
        "ranks": {name: list(rank) for room in rooms for name, rank in room.ranks.items()},
        "news": [one.to_json() for room in rooms for one in room.news],
        "emergency_minutes": EMERGENCY_MINUTES,
        "sentences": SENTENCES,
        "words": {"es": SPANISH},
        "passes": list(PASSES),
        "open": list(OPEN),
        "purposes": {
            name: {
                "name": purpose.name,
                "sheets": list(purpose.sheets),
                "roles": sorted(purpose.roles),
                "commands": list(purpose.commands),
                "idle_seconds": purpose.idle_seconds,
                "home": purpose.home,
                "opens": [page.name for page in pages_of(rooms) if has_all(purpose.sheets, page.sheets)],
            }
            for name, purpose in PURPOSES.items()
        },
        "sheet_roles": {name: sorted(roles) for name, roles in SHEET_ROLES.items()},
        "reviewed": list(REVIEWERS_ONLY),
        "headers": HEADERS,
        "with_camera": WITH_CAMERA,
        "assets": list(assets),
    }
