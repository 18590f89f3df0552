"""Old receipts leave the devices: sync.forget_receipts."""

from backend.app import run_jobs
from backend.sync.forgetting import ForgetReceipts
from tests.practice import Practice

ARRIVAL, FORGET = "checkin.record_arrival", "sync.forget_receipts"


def test_receipts_older_than_a_month_leave_and_the_journal_keeps_them(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    old = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    tablet.sync([old])
    practice.clock.forward(days=29)
    young = tablet.command(ARRIVAL, {"visit_id": practice.visits["bruno"]})
    tablet.sync([young])
    practice.clock.forward(days=2)
    run_jobs(practice.office)
    tablet.sync()
    receipts = tablet.sheets[f"receipts/{tablet.replica_id}"]
    assert ("receipt", old["command_id"]) not in receipts
    assert ("receipt", young["command_id"]) in receipts
    assert practice.entry(old["command_id"]).outcome == "applied"


def test_what_was_forgotten_and_is_handed_in_again_is_told_again(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    entry = tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})
    tablet.sync([entry])
    practice.clock.forward(days=31)
    run_jobs(practice.office)
    tablet.sync()
    tablet.sync([entry])
    assert tablet.receipt(entry)["outcome"] == "applied"
    assert len(practice.entries(ARRIVAL)) == 1


def test_forgetting_twice_changes_nothing_and_is_the_offices_alone(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    tablet.sync([tablet.command(ARRIVAL, {"visit_id": practice.visits["alma"]})])
    fields = {"replica_id": tablet.replica_id, "until_seq": practice.entries(ARRIVAL)[0].seq}
    for who in ("ana", "maria"):
        assert practice.act(who, FORGET, fields).code == "not_allowed"
    giver = practice.giver()
    assert giver.give(ForgetReceipts, **fields).outcome == "applied"
    assert giver.give(ForgetReceipts, **fields).outcome == "noop"
