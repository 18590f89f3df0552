"""Attacks on the device's own engine: what rows and forms carry becomes no element, no address and no prototype."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from backend import answers
from backend.paths import parse
from tests.practice import front
from tests.security.test_attacks import PAYLOADS, planted
from tests.security.test_fuzz import BOUNDED, LONG
from tests.worker import drawn_rows as drawn
from tests.worker.node import Node
from tests.worker.test_parity import DAY, device, house, scope_for

__all__ = ["device", "house"]

# What the program compares rather than shows, and what points from row to row.
MEANT = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\d.*|main(/.*)?")
CHOSEN = {"status", "status_before", "next_action", "next_before", "identity", "state", "purpose", "language"}
CHOSEN |= {"fate", "outcome", "certificate", "can", "cannot", "flags", "sex"}
PROTOTYPES = ("__proto__", "constructor", "prototype", "__proto__.polluted", "constructor.prototype", "toString")
READING = """
import { manifest } from "./manifest.js";
import { formOf } from "./paths.js";
import { readPost } from "./posts.js";
const names = () => Object.getOwnPropertyNames(Object.prototype).sort().join();
const before = names();
export function answer([path, params, text, scope]) {
  const post = manifest.posts.find((one) => one.path === path);
  const read = readPost(manifest, post, params, formOf(text), scope);
  const plain = [read, read.fields, read.new, read.was, read.complaints].map((one) => Object.getPrototypeOf(one));
  const same = names() === before && {}.polluted === undefined && typeof {}.toString === "function";
  return [same, plain.every((one) => one === Object.prototype), Object.keys(read.fields)];
}
"""


def hostile(value: Any, payload: str, name: str = "") -> Any:
    """The same, with the payload in place of every text that somebody may have written."""
    if isinstance(value, dict):
        return {key: hostile(inner, payload, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [hostile(inner, payload, name) for inner in value]
    kept = not isinstance(value, str) or name in CHOSEN or MEANT.fullmatch(value)
    return value if kept else payload


def asked_with(house: answers.House, payload: str) -> Iterator[dict[str, Any]]:
    """Searches and forms that hold nothing but the payload."""
    for page in house.manifest["pages"]:
        if page["find"]:
            for partial in (True, False):
                yield {"page": page["name"], "form": {"q": [payload], "day": [DAY]}, "partial": partial}
    for post in house.manifest["posts"]:
        names = [spec["name"] for spec in house.manifest["commands"][post["command"]]["fields"]]
        params = {name: DAY if name == "day" else drawn.IDS[0] for name in parse(post["path"]).types}
        form = {name: [payload] for name in (*names, payload, f"_was.{payload}", f"_new.{payload}", "_seen")}
        yield {"path": post["path"], "params": params, "form": form, "partial": False, "said": ""}
        yield {"path": post["path"], "params": params, "form": form, "partial": True, "said": payload}


def test_a_payload_in_every_row_and_form_stays_a_text(house: answers.House, device: Node) -> None:
    shown: dict[str, int] = dict.fromkeys(PAYLOADS, 0)

    @settings(BOUNDED, max_examples=LONG or len(PAYLOADS), phases=[Phase.generate])
    @given(rows=drawn.practices(DAY), payload=st.sampled_from(PAYLOADS), draw=st.integers(0, 10**6))
    def check(rows: list[Any], payload: str, draw: int) -> None:
        more = {"__proto__": {"polluted": payload, "open": True}, "constructor": payload}
        rows = [[kind, id, {**hostile(body, payload), **more}, sheets] for kind, id, body, sheets in rows]
        actor = {"id": drawn.IDS[2], "name": payload, "roles": ["front_desk", "manager"]}
        scope = {**scope_for("en", actor), "site": {"id": "main", "name": payload}}
        asked = [*drawn.everything(house.manifest, drawn.ids_of(rows), DAY, draw), *asked_with(house, payload)]
        told = device.ask({"rows": rows, "scope": scope, "asked": asked})
        for one, (_, headers, body) in zip(asked, told, strict=True):
            assert planted(body) == [], one
            assert not headers.get("Location", "/").startswith(("//", "javascript:", "http")), one
            shown[payload] += "&lt;" in body or payload in body

    check()
    assert sum(shown.values()) > 100, "the payloads were on the pages at all"


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    """The worker's reader of forms, alone."""
    _, assets = front()
    built = {"manifest.js": assets.files["worker/manifest.js"].body.decode()}
    with Node(tmp_path_factory.mktemp("reader") / "worker", {"answer.js": READING, **built}) as node:
        yield node


def test_names_of_prototypes_in_a_form_reach_no_prototype(house: answers.House, reader: Node) -> None:
    scope = scope_for("en", {"id": drawn.IDS[2], "name": "Ana", "roles": ["front_desk"]})
    for post in house.manifest["posts"]:
        fields = {spec["name"] for spec in house.manifest["commands"][post["command"]]["fields"]}
        params = {name: DAY if name == "day" else drawn.IDS[0] for name in parse(post["path"]).types}
        for name in PROTOTYPES:
            pairs = [(f"{before}{name}", "polluted") for before in ("", "_new.", "_was.")]
            pairs += [(f"_new.{name}", drawn.IDS[3]), ("_seen", name), ("_command_id", name)]
            pairs += [(field, name) for field in fields]
            same, plain, read = reader.ask([post["path"], params, urlencode(pairs), scope])
            assert same, (post["path"], name)
            assert plain, (post["path"], name)
            assert set(read) <= fields
