"""Two nodes are one office: started for real, killed in the middle of a request, and replaced one after the other."""

import json
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text

from backend.app import ROOMS
from backend.checking import report
from backend.house import sheets_of
from backend.nodes import builds_served
from backend.running import serve
from backend.settings import Settings
from tests.browser.office import free_port
from tests.engine.nodes import Place, at_work, deliver, next_version, opened
from tests.tablets import Tablet

BATCH = 80


@pytest.fixture
def place(empty: str, tmp_path: Path) -> Iterator[Place]:
    """The office on two nodes."""
    folder = tmp_path / "shared"
    folder.mkdir()
    with opened(empty, folder) as running:
        yield running


def is_whole(place: Place) -> list[str]:
    """What `./daysheet check` finds wrong."""
    lines: list[str] = []
    with place.database.read() as session:
        report(session, sheets_of(ROOMS), place.folder / "anchors", lines.append)
    return [line for line in lines if not line.endswith("as they should be")]


def build_of(node: object) -> str:
    """The build that this node gives to devices."""
    found = re.search(r"/w/([0-9a-f]{16})/", node.get("/worker.js").text)  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


@contextmanager
def hearing(tablet: Tablet, url: str) -> Iterator[Iterator[int]]:
    """The heads of the pokes that a page hears at this node, each within a while."""
    cookie = "; ".join(f"{name}={value}" for name, value in tablet.cookies.items())
    with httpx.stream("GET", f"{url}/sync/pokes", headers={"cookie": cookie}, timeout=60) as heard:
        assert heard.status_code == 200
        yield heads_of(heard)


def heads_of(heard: httpx.Response) -> Iterator[int]:
    began = time.monotonic()
    for line in heard.iter_lines():
        # The stream is never silent for long, so that a poke that does not come is noticed here.
        assert time.monotonic() - began < 60, "there was no poke"
        if line.startswith("data: {"):
            yield json.loads(line.removeprefix("data: "))["head"]


def poked(heads: Iterator[int], beyond: int) -> int:
    """The first head beyond this one."""
    return next(head for head in heads if head > beyond)


def test_a_node_that_is_killed_in_the_middle_of_a_batch_loses_nothing_and_doubles_nothing(place: Place) -> None:
    tablets = [place.tablet("Tablet 1", "ana"), place.tablet("Tablet 2", "ben")]
    visits = [*place.visits.values()]
    arrival = "checkin.record_arrival"
    given = [[one.command(arrival, {"visit_id": visits[n % 3]}) for n in range(BATCH)] for one in tablets]
    victim = place.nodes[0]
    place.proxy.first = victim.port
    senders = [threading.Thread(target=deliver, args=each) for each in zip(tablets, given, strict=True)]
    for sender in senders:
        sender.start()
    while not place.last_n(tablets[0]) > 0:
        time.sleep(0.005)
    victim.end(signal.SIGKILL)
    decided = place.last_n(tablets[0])
    for sender in senders:
        sender.join()
    assert 0 < decided < BATCH, "it was killed in the middle of the batch"
    for tablet, commands in zip(tablets, given, strict=True):
        deliver(tablet, [])
        assert place.entries(tablet) == [(one["n"], one["command_id"]) for one in commands]
        assert {tablet.receipt(one)["outcome"] for one in commands} <= {"applied", "noop"}
        assert {tablet.row("visit", visit)["status"] for visit in visits} == {"arrived"}  # type: ignore[index]
    assert is_whole(place) == []


def test_a_page_at_one_node_hears_of_what_was_written_through_the_other(place: Place) -> None:
    ana, ben = place.tablet("Tablet 1", "ana"), place.tablet("Tablet 2", "ben")
    here, there = place.nodes
    place.proxy.first = here.port
    with hearing(ben, there.url) as heads:
        before = next(heads)
        deliver(ana, [ana.command("checkin.record_arrival", {"visit_id": place.visits["alma"]})])
        before = poked(heads, before)
        # What is written while a node has no ear is told as soon as it has one again.
        with place.database.write() as session:
            ears = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'daysheet %'"
            assert len(session.execute(text(f"{ears} AND datname = current_database()")).all()) == 2
        deliver(ana, [ana.command("checkin.record_arrival", {"visit_id": place.visits["bruno"]})])
        poked(heads, before)
        place.proxy.first = there.port
        assert ben.get("/checkin").status_code in (200, 303), "the page comes from the other node"
        deliver(ben, [])
        assert ben.row("visit", place.visits["bruno"])["status"] == "arrived"  # type: ignore[index]


def test_a_node_with_other_secrets_does_not_start_beside_them(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    until = time.monotonic() + 60
    while not ears_of(place):
        assert time.monotonic() < until, "no node listens"
        time.sleep(0.1)
    other = Settings(database=place.database_url, data=tmp_path / "of its own", port=free_port())
    assert serve(other) == 1
    assert "Another server of this office runs with other secrets" in capsys.readouterr().out


def ears_of(place: Place) -> set[str]:
    with place.database.read() as session:
        return builds_served(session)


def test_one_node_after_the_other_is_replaced_by_the_next_version_while_people_work(
    place: Place, tmp_path: Path
) -> None:
    ana, ben = place.tablet("Tablet 1", "ana"), place.tablet("Tablet 2", "ben")
    first, second = place.nodes
    newer, old = next_version(tmp_path / "newer"), build_of(first)
    visits = [*place.visits.values()]
    with at_work(ana, visits) as by_ana, at_work(ben, visits) as by_ben:
        first.end()
        first.start(newer)
        [new] = {path.stem for path in (place.folder / "builds").glob("*.zip")} - {old}
        assert build_of(first) == build_of(second) == old, "devices wait until every node knows the new version"
        for build in (old, new):
            answers = [node.get(f"/w/{build}/worker/main.js") for node in place.nodes]
            assert [answer.status_code for answer in answers] == [200, 200]
            assert answers[0].content == answers[1].content
        styles = [second.get(f"/w/{build}/shell/base.css").text for build in (old, new)]
        assert ["The next version" in style for style in styles] == [False, True]
        second.end(signal.SIGKILL)
        # An old node may have to be started again on what the new version made of the database.
        second.start()
        assert build_of(second) == old
        second.end()
        second.start(newer)
        assert build_of(first) == build_of(second) == new
        assert second.get(f"/w/{old}/worker/main.js").status_code == 200, "a page of the old one may still be open"
        there = (len(by_ana), len(by_ben))
        while len(by_ana) <= there[0] or len(by_ben) <= there[1]:
            time.sleep(0.05)
    for tablet, commands in ((ana, by_ana), (ben, by_ben)):
        deliver(tablet, [])
        assert place.entries(tablet) == [(one["n"], one["command_id"]) for one in commands]
        assert {tablet.receipt(one)["outcome"] for one in commands} <= {"applied", "noop"}
    assert ana.row("visit", visits[0]) == ben.row("visit", visits[0])
    with place.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM visit WHERE mood IS NULL")).scalar() == 3
    assert is_whole(place) == []
