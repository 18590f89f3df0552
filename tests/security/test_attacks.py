"""Attacks by their names, each of which comes to nothing."""

import gzip
import io

import msgspec
import pytest

from backend import logs
from backend.callers import SESSION_COOKIE
from backend.ids import new_id
from backend.staff import passwords
from tests.forms import read
from tests.practice import MORNING, Practice

DAY = str(MORNING.date())
PAYLOADS = (
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg/onload=alert(1)>", "javascript:alert(1)",
    "</textarea><iframe srcdoc=x>", "{{7*7}}", "{% raw %}", "${alert(1)}", "__proto__", "constructor", "&#x3c;b&#x3e;",
)  # fmt: skip


def posts(practice: Practice) -> list[str]:
    """Every address that takes a form, with Alma's visit in it."""
    known = {"day": DAY, "visit_id": practice.visits["alma"]}
    filled = []
    for post in practice.office.answering.manifest["posts"]:
        parts = [
            known.get(part.strip("{}").split(":")[0], new_id()) if part.startswith("{") else part
            for part in post["path"].split("/")
        ]
        filled.append("/".join(parts))
    finds = [f"/find/{page['name']}" for page in practice.office.answering.manifest["pages"] if page["find"]]
    return [*filled, *finds, "/signin", "/signout", "/devices/enrol"]


def head(practice: Practice) -> int:
    """How many entries the journal has."""
    with practice.database.read() as session:
        return int(session.connection().exec_driver_sql("SELECT count(*) FROM journal").scalar() or 0)


def test_session_fixation(practice: Practice) -> None:
    victim = practice.browser()
    victim.cookies[SESSION_COOKIE] = planted = "planted-by-somebody-else"
    victim.sign_in("ana")
    first = victim.cookies[SESSION_COOKIE]
    assert first != planted
    thief = practice.browser()
    thief.cookies[SESSION_COOKIE] = planted
    assert thief.get("/checkin").status_code == 303
    victim.sign_in("ana")
    assert victim.cookies[SESSION_COOKIE] != first


@pytest.mark.parametrize(
    "came_from",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver.local"},
        {"sec-fetch-site": "", "origin": "https://evil.example"},
        {"sec-fetch-site": "", "origin": "null"},
        {"sec-fetch-site": "cross-site", "x-daysheet": "sync", "x-http-method-override": "GET"},
    ],
)
def test_cross_site_request_forgery(practice: Practice, came_from: dict[str, str]) -> None:
    maria, before = practice.browser("maria"), head(practice)
    unlock = maria._send("POST", "/devices/unlock", {"x-daysheet": "unlock", **came_from}, json={})
    assert unlock.status_code == 403
    for path in [*posts(practice), "/sync"]:
        answer = maria.post(path, {}, **came_from)
        assert answer.status_code == 403, path
    assert head(practice) == before
    assert maria.get("/checkin").status_code == 200, "nobody was signed out"


def planted(html: str) -> list[str]:
    """Whatever of a page only a payload could have made."""
    found: list[str] = []

    def tag(name: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        found.extend(one for one in given if one.startswith("on") or one in ("style", "srcdoc"))
        addresses = [given.get(one) or "" for one in ("href", "src", "action", "formaction")]
        found.extend(one for one in addresses if one.strip().lower().startswith(("javascript:", "data:", "//")))
        if name in ("iframe", "object", "embed") or (name == "img" and given.get("src") == "x"):
            found.append(name)
        if name == "script" and not (given.get("src") or "").startswith("/w/"):
            found.append("script")

    reader = type(read(""))()
    handle = reader.handle_starttag
    reader.handle_starttag = lambda name, attrs: (tag(name, attrs), handle(name, attrs))[1]  # type: ignore[method-assign]
    reader.feed(html)
    return found


def test_the_look_for_payloads_finds_them() -> None:
    for payload in PAYLOADS[:3]:
        assert planted(f"<p>{payload}</p>")


def test_stored_cross_site_scripting_and_template_injection(practice: Practice) -> None:
    ana, maria = practice.browser("ana"), practice.browser("maria")
    for payload in PAYLOADS:
        form = {"family": payload, "given": payload, "birth_date": "1/2/1990", "sex": "other", "type": payload}
        form |= {"reason": payload, payload: payload, f"_was.{payload}": payload, f"_new.{payload}": payload}
        complained = ana.post(f"/checkin/{DAY}/registrations", {**form, "birth_date": payload})
        assert (complained.status_code, planted(complained.text)) == (422, [])
        assert ana.post(f"/checkin/{DAY}/registrations", form).status_code == 303
        imported = {"given": payload, "family": payload, "source": payload[:9], "line": payload, "email": payload}
        practice.act("maria", "patients.import_patient", {"patient_id": practice.patients["bruno"], **imported})
        practice.act("maria", "scheduling.record_provider", {"provider_id": practice.cast.provider, "name": payload})
        # Held, so that what was entered stands on a card.
        practice.act("cleo", "checkin.record_walk_in", {"visit_id": new_id(), "reason": payload, "type": payload})
        pages = ["/checkin", f"/checkin/{DAY}/walk-in", "/attention", "/attention/office", "/device"]
        pages += [f"/checkin/{practice.visits['bruno']}", f"/checkin?provider={payload}&status={payload}&q={payload}"]
        for path in pages:
            page = maria.get(path)
            assert page.status_code == 200
            assert planted(page.text) == [], (path, payload)
        found = ana.post("/find/checkin.board", {"q": payload, "day": DAY})
        assert planted(found.text) == []
    assert "49" not in read(maria.get("/attention/office").text).words


@pytest.mark.parametrize(
    "path",
    [
        "/w/{build}/../../pyproject.toml", "/w/{build}/%2e%2e/%2e%2e/pyproject.toml", "/w/{build}//etc/passwd",
        "/w/{build}/..%2f..%2fpyproject.toml", "/w/{build}/%00", "/w/{build}/worker/main.js%00.css",
        "/w/..%2f/worker/main.js", "/checkin/..%2f..%2fetc%2fpasswd", "/checkin/%00", "/%2e%2e/%2e%2e/etc/passwd",
    ],
)  # fmt: skip
def test_path_traversal(practice: Practice, path: str) -> None:
    build = practice.office.answering.manifest["build"]
    answer = practice.browser("ana").get(path.replace("{build}", build))
    assert answer.status_code in (400, 404)
    assert "requires-python" not in answer.text
    assert "root:" not in answer.text


def test_method_override_and_a_forged_host(practice: Practice) -> None:
    ana, visit, before = practice.browser("ana"), practice.visits["alma"], head(practice)
    forged = {"host": "evil.example", "x-forwarded-host": "evil.example", "x-http-method-override": "POST"}
    for path in ("/checkin", f"/checkin/{visit}/arrival", f"/checkin/{visit}?_method=POST"):
        answer = ana.get(path, **forged)
        assert "evil.example" not in answer.text + str(answer.headers)
    assert head(practice) == before
    assert practice.browser().get("/checkin", **forged).headers["location"] == "/signin"


def test_open_redirect_and_a_split_header(practice: Practice) -> None:
    ana = practice.browser("ana")
    sly = ["//evil.example", "https://evil.example", "/\r\nSet-Cookie: a=b", "%0d%0aSet-Cookie:a=b"]
    for words in sly:
        form = {"then": words, "day": words, "visit_id": words, "next": words, "_command_id": words, "site": words}
        for path in posts(practice):
            answer = ana.post(path, form)
            assert answer.status_code < 500, path
            assert answer.headers.get("location", "/").startswith(("/checkin", "/attention", "/signin", "/"))
            assert not answer.headers.get("location", "/").startswith("//")
            assert "evil" not in str(answer.headers)
            assert "a=b" not in str(answer.headers)
            ana.sign_in("ana")


def test_mass_assignment_by_form_and_by_command(practice: Practice) -> None:
    ana, visit = practice.browser("ana"), practice.visits["alma"]
    ana.post(f"/checkin/{visit}/arrival", {"status": "checked_in", "site_id": "north", "actor": practice.staff["ben"]})
    row = practice.row("visit", visit)
    assert row is not None
    assert (row["status"], row["site_id"], row["arrived_by"]) == ("arrived", "main", practice.staff["ana"])
    more = practice.act("ana", "checkin.check_in", {"visit_id": visit, "status": "roomed"})
    assert (more.outcome, more.code) == ("held", "unreadable")


def test_a_new_patient_with_the_id_of_one_who_exists(practice: Practice) -> None:
    ana, alma = practice.browser("ana"), practice.patients["alma"]
    before = practice.row("patient", alma)
    form = {"family": "Evil", "given": "Eve", "birth_date": "1/2/1990", "sex": "other", "type": "Walk-in"}
    for name in ("_new.patient", "patient_id"):
        ana.post(f"/checkin/{DAY}/registrations", {**form, name: alma, "_new.visit": practice.visits["bruno"]})
    assert practice.row("patient", alma) == before
    kept = practice.row("visit", practice.visits["bruno"])
    assert kept is not None
    assert kept["patient_id"] == practice.patients["bruno"]


def test_the_command_id_of_somebody_else(practice: Practice) -> None:
    ana, ben, visit = practice.browser("ana"), practice.browser("ben"), practice.visits["alma"]
    id = new_id()
    ana.post(f"/checkin/{visit}/arrival", {"_command_id": id})
    first = practice.entry(id)
    assert ben.post(f"/checkin/{practice.visits['bruno']}/arrival", {"_command_id": id}).status_code == 422
    assert practice.entry(id) == first
    bruno = practice.row("visit", practice.visits["bruno"])
    assert bruno is not None
    assert bruno["status"] == "booked"


def test_clickjacking_and_poisoned_caches(practice: Practice) -> None:
    for browser in (practice.browser(), practice.browser("maria")):
        for path in ("/signin", "/checkin", "/attention", "/devices", "/nowhere", "/device?_part=pill"):
            answer = browser.get(path)
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["cache-control"] == "no-store"


def test_a_bomb_of_gzip(practice: Practice) -> None:
    tablet, before = practice.tablet("Tablet 1"), head(practice)
    bomb = gzip.compress(b" " * 50_000_000)
    sent = {"x-daysheet": "sync", "content-encoding": "gzip", "content-type": "application/json"}
    for body in (bomb, gzip.compress(bomb), bomb[: len(bomb) // 2], bomb + bomb):
        assert tablet._send("POST", "/sync", sent, content=body).status_code in (400, 413)
    assert head(practice) == before


def test_who_exists_is_not_told_by_the_work_of_a_sign_in(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    hasher = type(passwords.HASHER)
    verify = hasher.verify
    # Counted and passed on: what is verified is as it always is.
    monkeypatch.setattr(hasher, "verify", lambda self, *given: (asked.append("hash"), verify(self, *given))[1])
    seen = {}
    for who in ("ana", "nobody.here"):
        asked.clear()
        answer = practice.browser().sign_in(who, "not the password")
        seen[who] = (len(asked), answer.status_code, answer.text.replace(who, "somebody"))
    assert seen["ana"][:2] == seen["nobody.here"][:2]
    assert seen["ana"][0] == 1
    assert "do not belong together" in seen["nobody.here"][2]


def test_lines_planted_in_the_log(practice: Practice) -> None:
    stream = io.StringIO()
    logs.set_up(stream=stream)
    try:
        ana = practice.browser("ana")
        for words in ('x\n{"event":"forged"}', "x\r\nforged", "\u2028forged"):
            ana.post("/signin", {"username": words, "password": words})
            ana.get("/checkin/" + words.replace("\n", "%0a").replace("\r", "%0d"))
            practice.act("ana", "checkin.record_arrival", {"visit_id": words})
    finally:
        logs.set_up()
    lines = [msgspec.json.decode(line) for line in stream.getvalue().splitlines()]
    assert lines
    assert "forged" not in stream.getvalue()
