"""The lock as a model: however worker, tabs, network, time and people follow each other, it opens as it should."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.worker.node import Node, lay_out

HERE = Path(__file__).parent
IDLE = 120
PINS = {"ana": "482916", "ben": "730158"}
PHRASES = {"ana": "slow rivers carry warm stones", "ben": "a ladder leans on the moon"}
WHO = st.sampled_from(["ana", "ben"])


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lock")
    lay_out(folder)
    scripts = {f"{name}.mjs": (HERE / f"{name}.mjs").read_text() for name in ("lock", "world")}
    scripts["answer.js"] = 'export { answer } from "./lock.mjs";'
    with Node(folder, scripts) as started:
        yield started


class Lock(RuleBasedStateMachine):
    """What the device should be: `keys` in the worker's or a tab's memory, `who` is at it, `ways` set so far."""

    node: Node

    def ask(self, step, **given):
        self.told = self.node.ask({"step": step, **given})
        return self.told["said"]

    @initialize()
    def begin(self):
        self.keys = self.tabs_keep = False
        self.who = self.cookie = None
        self.up, self.tabs, self.suspended, self.locked = True, 0, False, False
        self.idle_for = self.failures = 0
        self.ways, self.enrolled = set(), False
        self.ask("fresh")
        # A morning: both have signed in once and set what they open it with; one tab is open.
        for who, methods in (("ben", ("pin",)), ("ana", ("pin", "passphrase"))):
            self.sign_in(who)
            self.look(times=1)
            for method in methods:
                self.add(method)
        self.tab()

    # Time and touch.

    @rule(seconds=st.sampled_from([1, 40, 90, 200, 5_000]))
    def wait(self, seconds):
        self.ask("wait", seconds=seconds)
        self.idle_for += seconds

    @precondition(lambda self: self.who)
    @rule()
    def touch(self):
        self.ask("touch")
        if self.who and self.idle_for <= IDLE:
            self.idle_for = 0

    @rule(up=st.booleans())
    def network(self, up):
        self.ask("network", up=up)
        self.up = up

    # Who is here.

    @rule(who=WHO)
    def sign_in(self, who):
        self.ask("sign_in", who=who)
        if self.up:
            self.cookie, self.suspended, self.locked = who, False, False
            self.leave()
            self.idle_for = 0

    @precondition(lambda self: self.cookie)
    @rule()
    def sign_out(self):
        self.ask("sign_out")
        if self.up:
            self.cookie = None
        self.leave()
        self.locked = False

    @precondition(lambda self: self.who)
    @rule()
    def lock(self):
        self.ask("lock")
        self.fall_idle()

    @rule(who=WHO, right=st.booleans(), method=st.sampled_from(["pin", "passphrase"]))
    def enter(self, who, right, method):
        secret = {"pin": PINS, "passphrase": PHRASES}[method][who]
        answer = self.ask("enter", who=who, method=method, secret=secret if right else "000000 not it"[: len(secret)])
        known = (who, method) in self.ways
        opens = known and right and (method != "pin" or (self.keys and self.failures < 5))
        assert (answer == {"ok": True}) == opens, (answer, opens)
        if opens:
            self.open_as(who)
        elif method == "pin" and self.keys and self.failures < 5:
            self.failures += 1
            if self.failures == 5:
                self.leave()
                self.locked = True

    @rule(who=WHO, times=st.integers(2, 5))
    def guess(self, who, times):
        for _ in range(times):
            self.enter(who, False, "pin")

    @rule(who=WHO, up=st.booleans())
    def hand_over(self, who, up):
        """One locks it, with or without the network, and another opens it."""
        self.network(up)
        self.lock()
        self.network(True)
        self.enter(who, True, "pin")

    @rule()
    def lock_without_the_network_and_close(self):
        self.network(False)
        self.lock()
        self.close_browser()
        self.network(True)
        self.look(times=1)

    @precondition(lambda self: self.who)
    @rule(method=st.sampled_from(["pin", "passphrase"]))
    def add(self, method):
        self.look(times=1)
        if not self.who:
            return
        secret = {"pin": PINS, "passphrase": PHRASES}[method][self.who]
        answer = self.ask("add", method=method, secret=secret)
        vouched = self.up and self.cookie == self.who and not self.suspended
        assert (answer == {"ok": True}) == vouched, answer
        if vouched:
            self.ways.add((self.who, method))

    # The browser.

    @precondition(lambda self: self.tabs < 2)
    @rule()
    def tab(self):
        self.ask("tab")
        self.tabs += 1

    @rule()
    def sleep_through_a_sign_out(self):
        """A frozen tab wakes with keys that are those of nobody any more."""
        self.ask("tab", asleep=True)
        self.sign_out()
        self.ask("restart")
        self.look(times=1)
        self.ask("wake")

    @rule()
    def stop_worker(self):
        self.ask("restart")
        if not self.tabs:
            self.keys, self.who = False, None

    @precondition(lambda self: self.tabs)
    @rule()
    def close_browser(self):
        self.ask("close")
        self.tabs, self.keys, self.who = 0, False, None

    @rule(times=st.sampled_from([1, 5]))
    def look(self, times):
        found = self.ask("look", times=times)
        assert found["same"], "however many ask, one looks"
        assert found["asked"] <= 1
        if self.keys and self.who and self.idle_for > IDLE:
            self.fall_idle()
        silent = not self.keys and not self.locked and not (self.enrolled and self.idle_for > IDLE)
        if silent and self.up and self.cookie and not self.suspended:
            self.open_as(self.cookie)
            self.enrolled = True
        assert found["who"] == self.who, found

    # What becomes of it.

    def open_as(self, who):
        self.keys, self.who, self.failures, self.locked, self.idle_for = True, who, 0, False, 0
        if self.up and self.suspended and self.cookie == who:
            self.suspended = False

    def fall_idle(self):
        if not self.who:
            return
        self.who, self.locked = None, True
        if self.up and self.cookie:
            self.suspended = True

    def leave(self):
        self.keys, self.who = False, None

    @invariant()
    def nothing_is_extractable_and_failures_are_kept(self):
        if hasattr(self, "told"):
            assert self.told["signing"] in (None, False)
            assert self.told["failures"] == self.failures


def test_the_lock_opens_only_to_who_proves_to_be_there(node):
    Lock.node = node
    run_state_machine_as_test(
        Lock,
        settings=settings(max_examples=70, stateful_step_count=40, deadline=None, database=None, derandomize=True,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
