"""Every declared page and the answer to every post are the same bytes from the server and from the device."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import and_, select

from backend import answers, painting
from backend.feed import seen_row, sheet_row
from backend.posts import read_post
from backend.zones import transitions
from tests.building.engines import base
from tests.practice import MORNING, SITE, front
from tests.worker import drawn_rows as drawn
from tests.worker.node import Node

HERE = Path(__file__).parent
DAY = str(MORNING.date())
ZONE = {"name": SITE.zone_name, "transitions": transitions(SITE.zone_name, 2023, 2029)}
SETTINGS = settings(
    max_examples=40, phases=[Phase.generate], database=None, deadline=None, derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def device(tmp_path_factory) -> Iterator[Node]:
    """Node with the worker's files of this build: its templates compiled, its manifest written."""
    _, assets = front()
    built = {name: assets.files[f"worker/{name}"].body.decode() for name in ("templates.js", "manifest.js")}
    asking = (HERE / "parity.mjs").read_text(encoding="utf-8")
    with Node(tmp_path_factory.mktemp("parity") / "worker", {"answer.js": asking, **built}) as node:
        yield node


@pytest.fixture(scope="module")
def house() -> answers.House:
    templates, assets = front()
    return answers.House(assets.manifest, templates)


def scope_for(language: str, actor: dict[str, Any]) -> dict[str, Any]:
    return {
        "site": {"id": SITE.id, "name": SITE.name}, "actor": actor, "device": drawn.IDS[0], "now": drawn.NOW,
        "today": DAY, "zone": ZONE, "language": language, "seed": drawn.IDS[1], "purpose": "desk",
    }  # fmt: skip


def view_of(rows: list, pending: list, house: answers.House) -> painting.Painted:
    return painting.paint(base({"rows": rows}), pending, house.manifest["commands"], house.manifest["ranks"])


def on_the_server(house: answers.House, rows: list, scope: dict, asked: list[dict]) -> list:
    view = view_of(rows, [], house)
    return [list(posted(house, rows, scope, one) if "path" in one else shown(house, view, scope, one)) for one in asked]


def shown(house: answers.House, view: Any, scope: dict, one: dict) -> answers.Answer:
    page = next(page for page in house.manifest["pages"] if page["name"] == one["page"])
    if "form" in one:
        return answers.render_find(house, page, one["form"], view, scope, one["partial"])
    if "part" in one:
        return answers.render_part(house, page, one["part"], one["given"], view, scope)
    return answers.render_page(house, page, one["given"], view, scope)


def posted(house: answers.House, rows: list, scope: dict, one: dict) -> answers.Answer:
    post = next(post for post in house.manifest["posts"] if post["path"] == one["path"])
    params, form, partial = one["params"], one["form"], one["partial"]
    read = read_post(house.manifest, post, params, form, scope)
    if one["said"] or read.complaints:
        view = view_of(rows, [], house)
        return answers.complain(house, post, params, form, read.complaints, view, scope, partial, one["said"])
    command = {
        "command_id": read.command_id, "command": read.command, "fields": msgspec.to_builtins(read.fields),
        "new": read.new, "actor": scope["actor"]["id"], "made_at": scope["now"], "site": SITE.id, "today": DAY,
        "device": scope["device"],
    }  # fmt: skip
    return answers.answer_post(house, post, params, form, read.fields, view_of(rows, [command], house), scope, partial)


def agree(house: answers.House, device: Node, rows: list, scope: dict, asked: list[dict]) -> set[int]:
    """Fails with the first answer that differs; returns the statuses that were seen."""
    here = on_the_server(house, rows, scope, asked)
    there = device.ask({"rows": rows, "scope": scope, "asked": asked})
    for one, server, worker in zip(asked, here, there, strict=True):
        assert server == worker, one
    return {status for status, _, _ in here}


def rows_of(practice) -> list:
    """What every sheet of the practice holds."""
    c, places, bodies = sheet_row.c, {}, {}
    query = select(c.sheet, c.kind, c.id, c.version, seen_row.c.body).where(c.present)
    with practice.database.read() as session:
        joined = and_(seen_row.c.kind == c.kind, seen_row.c.id == c.id)
        for sheet, kind, id, version, body in session.execute(query.join(seen_row, joined)):
            places.setdefault((kind, id), []).append(sheet)
            bodies[kind, id] = {"version": version, **msgspec.json.decode(body)}
    return [[kind, id, bodies[kind, id], sheets] for (kind, id), sheets in places.items()]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_practice_in_the_middle_of_its_morning_is_shown_alike(practice, house, device, language):
    ana, visits = practice.browser("ana"), practice.visits
    for step in (f"{visits['alma']}/arrival", f"{visits['bruno']}/arrival", f"{visits['bruno']}/check-in"):
        assert ana.post(f"/checkin/{step}").status_code in (303, 422)
    known = {"patient_id": practice.patients["chiara"], "type": "Walk-in"}
    assert ana.post(f"/checkin/{DAY}/walk-ins", known).status_code == 303
    rows = rows_of(practice) + drawn.OWN_ROWS
    kinds = {kind for kind, *_ in rows}
    assert kinds >= {"visit", "patient", "contact", "provider", "staff_member", "visit_type", "office_day"}

    actor = {"id": practice.staff["ana"], "name": "Ana Garrido", "roles": ["front_desk"]}
    known_ids = {kind: [id for found, id, *_ in rows if found == kind] for kind in kinds}
    asked = [one for draw in range(3) for one in drawn.everything(house.manifest, known_ids, DAY, draw)]

    statuses = agree(house, device, rows, scope_for(language, actor), asked)

    assert statuses >= {200, 303, 422}


def test_whatever_rows_are_drawn_are_shown_alike(house, device):
    seen: set[int] = set()

    @SETTINGS
    @given(rows=drawn.practices(DAY), draw=st.integers(0, 10**6), language=st.sampled_from(["en", "es"]))
    def check(rows, draw, language):
        actor = {"id": drawn.IDS[2], "name": "Ana “A.” <Garrido>", "roles": ["front_desk", "manager"]}
        known_ids = drawn.ids_of(rows)
        asked = list(drawn.everything(house.manifest, known_ids, DAY, draw))
        seen.update(agree(house, device, rows, scope_for(language, actor), asked))

    check()
    assert seen >= {200, 303, 404, 422}


def test_every_kind_of_row_that_a_page_looks_up_is_among_those_drawn(house):
    looked_up = {
        one[way]
        for page in house.manifest["pages"]
        for one in page["lists"].values()
        for way in ("list", "one", "by_id", "count", "sum")
        if way in one
    }
    assert looked_up <= set(drawn.BODIES)


def test_only_a_page_that_declares_it_may_ask_for_the_camera(house):
    page = {"name": "x", "paths": ["/x"], "template": "shell/missing.html", "sheets": [], "camera": True}
    view, scope = view_of([], [], house), scope_for("en", {"id": drawn.IDS[2], "name": "Ana", "roles": []})

    allowed = answers.render_page(house, page, {}, view, scope).headers
    assert "camera=(self)" in allowed["Permissions-Policy"]
    assert "Permissions-Policy" not in answers.render_page(house, {**page, "camera": False}, {}, view, scope).headers
