"""Rows as the rooms publish them, drawn at random, and every question that the manifest makes possible."""

import datetime
import random
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from backend.paths import parse
from backend.scheduling.models import STATUSES
from tests.worker.drawn_approvals import approvals
from tests.worker.drawn_counts import IN_COUNTS, counts
from tests.worker.drawn_goods import goods

__all__ = ["BODIES", "IDS", "NOW", "OWN_ROWS", "everything", "ids_of", "practices"]

NOW = "2026-11-23T15:45:30.250Z"
IDS = [f"0191a2b4-0000-7000-8000-0000000000{n:02d}" for n in range(12)]
NOBODY = "0191a2b4-0000-7000-8000-0000000000ff"
AWKWARD = ["", " ", "<b>", "&amp;", "\"'`", "😀👩🏽‍⚕️", "a\n\u2028b", "O’Neil", "constructor", "Ñandú", "عمر",
           "null", "{{ x }}"]  # fmt: skip
FLAGS = """new_patient walk_in name_alike duplicate cancelled_but_here no_show_but_here balance form_due
    insurance_to_verify interpreter something_later""".split()
FEATURES = ["storage", "database", "crypto", "worker", "passkey", "camera", "wake_lock", "something_later"]
FATES = ["waiting", "sent", "applied", "noop", "flagged", "held", "refused", "undone"]

text = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=("Cs", "Cn", "Co")), max_size=9))
name = text.map(lambda drawn: drawn or "Ruiz")
id = st.sampled_from([*IDS, NOBODY])
instant = st.one_of(
    st.sampled_from([NOW, "2026-11-01T05:59:59.999Z", "2026-11-01T06:00:00.000Z", "2026-03-08T07:00:00.000Z"]),
    st.integers(0, 24 * 60 - 1).map(lambda minute: f"2026-11-23T{minute // 60:02d}:{minute % 60:02d}:07.001Z"),
)
date = st.one_of(
    st.sampled_from(["2026-11-23", "2024-02-29", "1899-12-31"]),
    st.dates(datetime.date(1890, 1, 1), datetime.date(2026, 11, 23)).map(str),
)
flag, hours = st.booleans(), st.integers(0, 23)
drawn_steps = st.lists(st.sampled_from(["arrived", "identified", "checked_in"]), unique=True)


def maybe(drawn: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | drawn


APPROVALS = approvals(id, name, text, flag, date, instant)
EDITED = {"last_command_id": maybe(id), "can_undo": flag, "edited_at": maybe(instant)}
BODIES: dict[str, st.SearchStrategy] = {
    "visit": st.fixed_dictionaries({
        "site_id": st.just("main"), "starts_at": instant, "minutes": st.integers(1, 90),
        "patient_id": maybe(id), "provider_id": maybe(id), "type": name, "is_walk_in": flag, "reason": maybe(text),
        "room": maybe(text), "status": st.sampled_from(STATUSES), "status_since": maybe(instant),
        "arrived_at": maybe(instant), "arrived_by": maybe(id), "arrived_about": flag,
        "about_steps": drawn_steps, "unknown_steps": drawn_steps,
        "identity": st.lists(st.sampled_from(["name", "birth_date"]), unique=True), "identity_at": maybe(instant),
        "identity_by": maybe(id), "checked_in_at": maybe(instant), "checked_in_by": maybe(id),
        "next_action": st.sampled_from(["arrive", "identify", "check_in", ""]), "last_command": maybe(name),
        "last_command_id": maybe(id), "status_before": maybe(st.sampled_from(STATUSES)),
        "since_before": maybe(instant), "next_before": maybe(st.just("arrive")), "can_undo": flag,
        "alert_minutes": maybe(st.integers(0, 60)), "flags": st.lists(st.sampled_from(FLAGS), unique=True, max_size=4),
        "notes": st.lists(text, max_size=2), "cancelled_at": maybe(instant), "cancelled_by": maybe(id),
        "cancel_called": maybe(st.sampled_from(["patient", "family", "office"])),
        "cancel_reason": maybe(st.sampled_from(["feels_better", "weather", "something_later"])),
        "slot_given": flag, "paper_by": maybe(text),
    }),
    "wait": st.fixed_dictionaries({
        "site_id": st.just("main"), "provider_id": maybe(id), "status": st.sampled_from(["arrived", "checked_in"]),
        "since": instant, "alert_at": instant,
    }),
    "push_device": st.fixed_dictionaries({"staff_id": id, "device_id": id, "since": instant}),
    "push_hours": st.fixed_dictionaries({"staff_id": id, "quiet_from": hours, "quiet_to": hours}),
    "patient": st.fixed_dictionaries({
        "family": name, "given": text, "birth_date": maybe(date), "sex": st.just("unknown"),
        "phone": maybe(st.sampled_from(["5550100101", "555"])), "mrn": text, "language": st.just("en"),
        "active": flag, "search": text, "sort_key": text,
    }, optional=EDITED),
    "duplicate_pair": st.fixed_dictionaries({
        "site_id": st.just("main"), "patient_id": id, "other_id": id, "likely": flag, "hash": id,
        "reasons": st.lists(st.sampled_from(["given", "nickname", "other_sex", "zip", "something_later"]), unique=True),
        "state": st.sampled_from(["open", "merged", "different"]), "decided_at": maybe(instant),
        "decided_by": maybe(id), "last_command": maybe(name), "last_command_id": maybe(id), "can_undo": flag,
        "sort_key": instant,
    }),
    "contact": st.fixed_dictionaries({
        "patient_id": id, "line": maybe(text), "city": text, "state": text, "postal_code": text,
        "phone": maybe(st.just("5550100101")), "email": maybe(text), "verified_at": maybe(instant),
        "verified_by": maybe(id),
    }, optional=EDITED),
    "payment": st.fixed_dictionaries({
        "visit_id": id, "cents": st.integers(1, 9_000_000), "method": st.sampled_from(["cash", "check", "card"]),
        "reference": maybe(text), "number": maybe(text), "taken_at": instant, "taken_about": flag, "taken_by": id,
        "state": st.sampled_from(["taken", "undone", "refunded", "to_balance"]), "last_command_id": maybe(id),
        "sort_key": text,
    }),
    "backup_standing": st.fixed_dictionaries({
        "site_id": st.just("main"), "made_at": maybe(instant), "made_due": maybe(instant),
        "drill_at": maybe(instant), "drill_due": maybe(instant), "failed_at": maybe(instant), "reason": maybe(text),
    }),
    "drill_due": st.fixed_dictionaries({"site_id": st.just("main"), "last_at": maybe(instant)}),
    "provider": st.fixed_dictionaries({"name": name, "specialty": maybe(text), "active": flag, "sort_key": text}),
    "visit_type": st.fixed_dictionaries({"name": name, "minutes": st.integers(1, 90), "sort_key": text}),
    "staff_member": st.fixed_dictionaries({"name": name, "initials": text, "roles": st.just([]), "active": flag}),
    "device": st.fixed_dictionaries({
        "site_id": st.just("main"), "name": name, "place": maybe(text), "purpose": st.just("front_desk"),
        "purpose_word": st.sampled_from(["Front desk tablet", "Desk computer", "something_later"]), "code": st.just(7),
        "state": st.sampled_from(["enrolled", "retired", "lost"]), "state_since": maybe(instant),
        "state_by": maybe(id), "enrolled_at": instant, "enrolled_by": id, "wiped_at": st.none(), "sort_key": text,
        "silent_since": maybe(instant), "holding_since": maybe(instant), "in_trouble": flag,
        "tested": flag, "can": st.lists(st.sampled_from(FEATURES), unique=True, max_size=3),
        "cannot": st.lists(st.sampled_from(FEATURES), unique=True, max_size=3), "durable": maybe(flag),
    }) | st.fixed_dictionaries({
        "site_id": st.just("main"), "name": name, "place": maybe(text), "purpose": st.just("desk"),
        "purpose_word": st.just("Desk computer"), "code": st.just(8), "state": st.sampled_from(["retired", "lost"]),
        "state_since": instant, "state_by": id, "enrolled_at": instant, "enrolled_by": id, "wiped_at": instant,
        "silent_since": maybe(instant), "holding_since": maybe(instant), "in_trouble": flag, "sort_key": text,
        "tested": flag, "can": st.just([]), "cannot": st.just([]), "durable": maybe(flag),
        "wipe_received_at": instant, "wipe_text": text, "wipe_entries_left": st.integers(0, 9), "wipe_signature": text,
        "wipe_key": text,
    }),
    "office_day": st.fixed_dictionaries({
        "day": date, "open": flag, "shown_after": st.just("2026-11-20"),
        "shown_before": st.sampled_from(["2026-11-23", "2026-11-30"]), "sort_key": text,
    }),
    "case": st.fixed_dictionaries({
        "command_id": id, "command": name, "title": name, "outcome": st.sampled_from(["flagged", "held", "refused"]),
        "code": name, "say": text, "who": maybe(id), "device": maybe(text), "happened_at": instant,
        "happened_about": flag, "patient_id": maybe(id), "details": st.lists(text, max_size=3), "sort_key": text,
        "open": flag, "alarm": maybe(text), "time_unknown": flag, "act": id, "of_an_act": flag,
        "stands": st.lists(text, max_size=2), "choices": st.sampled_from([[], ["keep"]]), "label_keep": text,
        "does_keep": text, "for_managers": st.sampled_from([[], ["keep"]]), "fields": st.sampled_from([[], ["city"]]),
        "field_city": text, "text_city": text,
    }),
    **APPROVALS,
    "device_state": st.fixed_dictionaries({
        "online": flag, "offline_since": maybe(instant), "waiting": st.integers(0, 3), "attention": st.integers(0, 2),
        "copy_at": maybe(instant), "persisted": maybe(flag), "enrolled": flag, "device_name": text, "person": text,
        "purpose": st.sampled_from(["front_desk", "manager_phone", "desk", "count", "later"]), "replica": text,
        "unsent": st.integers(0, 3), "sheets": st.integers(0, 9), "rows": st.integers(0, 2), "storage_used": st.just(7),
        "app": text, "hidden": flag, "hides_at": maybe(instant), "too_old": flag,
        "clock_ahead": st.sampled_from([0, 3, 180]), "clock_behind": st.sampled_from([0, 90]),
        "news": st.integers(0, 2),
        "pin": flag, "passkey": flag, "passphrase": flag,
        "certificate": st.sampled_from([None, "expired", "untrusted"]),
    }),
    "news": st.fixed_dictionaries({
        "count": st.integers(1, 3), "say": text, "who": maybe(id), "since": instant, "sort_key": text,
    }),
    "entry": st.fixed_dictionaries({
        "n": st.integers(1, 9), "command": name, "title": st.sampled_from(["Arrived", "Walk-in", "<later>"]),
        "made_at": instant, "fate": st.sampled_from(FATES), "say": text, "about": text, "sort_key": text,
    }),
    **goods(id, text, flag, date),
    **counts(id, text, flag, date, instant, IDS),
}  # fmt: skip
STATE = {
    "online": True, "offline_since": None, "waiting": 1, "attention": 0, "copy_at": NOW, "persisted": False,
    "device_name": "Tablet 1", "enrolled": True,
    "purpose": "front_desk", "person": "Ana", "replica": IDS[3], "unsent": 1, "sheets": 4,
    "rows": 210, "storage_used": 80, "app": "2026.11.0", "hidden": False, "too_old": False, "hides_at": None,
    "pin": True, "passkey": False, "passphrase": False, "certificate": None, "clock_ahead": 0, "clock_behind": 0,
    "news": 0,
}  # fmt: skip
OWN_ROWS = [["device_state", "this", STATE, ["device"]]]


def sheets_of(kind: str, day: str) -> list[str]:
    own = {
        "device": ["devices/main"],
        "visit": [f"visits/main/{day}"],
        "wait": [f"waits/main/{day}"],
        "patient": ["patients/main"],
        "duplicate_pair": ["patients/main", "attention/main"],
        "contact": [f"visits/main/{day}"],
        "payment": [f"visits/main/{day}"],
    }
    own |= {"item": ["items/main"], "pack": ["items/main"], "code": ["items/main"], "place": ["places/main"]}
    own |= {one: [sheet.replace("ME", IDS[2])] for one, sheet in IN_COUNTS.items()}
    own |= {"belonging": ["places/main"]} | {kind: [f"stock/{one}" for one in IDS] for kind in ("stock", "level")}
    own |= {
        "case": [f"attention/{IDS[2]}", "attention/main"],
        "device_state": ["device"],
        "entry": ["device"],
        "news": ["device"],
    }
    own |= {kind: ["approvals/main"] for kind in APPROVALS}
    own |= {kind: [f"attention/{IDS[2]}"] for kind in ("asked", "push_device", "push_hours")}
    return own.get(kind, ["office/main"])


@st.composite
def practices(draw: st.DrawFn, day: str) -> list[list[Any]]:
    """Rows of every kind; visits are of the day, and some of what they point to is not there."""
    rows = []
    for kind, body in BODIES.items():
        ids = ["this"] if kind == "device_state" else draw(st.lists(st.sampled_from(IDS), unique=True, max_size=5))
        for one in ids:
            more = {"day": day} if kind == "visit" else {}
            rows.append([kind, one, {"version": 1, **draw(body), **more}, sheets_of(kind, day)])
    return rows


def ids_of(rows: list[list[Any]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind, id, *_ in rows:
        found.setdefault(kind, []).append(id)
    return found


def everything(manifest: dict[str, Any], ids: dict[str, list[str]], day: str, seed: int) -> Iterator[dict[str, Any]]:
    """Each page with its parts and searches, and each post with a form that fits and one that does not."""
    dice = random.Random(seed)

    def value(name: str) -> str:
        kind = {"pair_id": "duplicate_pair"}.get(name, name.removesuffix("_id"))
        return day if name == "day" else dice.choice([*ids.get(kind, []), NOBODY])

    for page in manifest["pages"]:
        named = {name: value(name) for path in page["paths"] for name in parse(path).types}
        chosen = {"provider": dice.choice(["", value("provider")]), "status": dice.choice(["", "arrived", "booked"])}
        given = {**named, **{name: chosen.get(name, "") for name in page["parameters"]}}
        yield {"page": page["name"], "given": given}
        for part, declared in page["parts"].items():
            row = {declared["id"]: value(declared["id"])} if declared.get("of") else {}
            yield {"page": page["name"], "part": part, "given": {**given, **row}}
        for typed in ("", "a", "ruiz 19", "<") if page["find"] else ():
            form = {name: [text] for name, text in {**given, "q": typed}.items()}
            yield {"page": page["name"], "form": form, "partial": True}
            yield {"page": page["name"], "form": form, "partial": False}
    for post in manifest["posts"]:
        fields = manifest["commands"][post["command"]]["fields"]
        for said in ("", "Somebody else was faster <b>than</b> you."):
            for partial in (True, False):
                params = {name: value(name) for name in parse(post["path"]).types}
                fitting = {spec["name"]: fits(spec, value, dice) for spec in fields}
                awkward = {spec["name"]: [dice.choice(AWKWARD)] for spec in fields if dice.random() < 0.7}
                for form in (fitting, {**fitting, **awkward}, {}):
                    yield {"path": post["path"], "params": params, "form": form, "partial": partial, "said": said}


def fits(spec: dict[str, Any], value: Any, dice: random.Random) -> list[str]:
    """What a person would enter."""
    if spec["reader"] == "id":
        return [] if spec.get("new") else [value(spec["name"])]
    if spec["reader"] == "choices":
        return dice.sample(spec["choices"], min(3, len(spec["choices"])))
    plain = {"date": "4/12/1957", "phone": "(555) 010-0101", "integer": "12", "money": "$4.50", "boolean": "on"}
    plain["choice"] = dice.choice(spec.get("choices", [""]))
    return [plain.get(spec["reader"], dice.choice(["Zoë", "O’Neil <3", "Walk-in"]))]
