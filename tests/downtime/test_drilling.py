"""A drill is an outage on purpose, and marked as one: downtime.begin_drill and downtime.end_drill."""

from datetime import timedelta

from backend.clock import instant
from backend.ids import new_id
from tests.practice import Practice

BEGIN, END = "downtime.begin_drill", "downtime.end_drill"


def test_a_drill_on_a_quiet_afternoon_leaves_a_record_that_is_marked(practice: Practice) -> None:
    tablet, other = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben")
    maria = practice.browser("maria")
    form = {"drill_id": new_id(), "device_id": [tablet.device_id]}
    assert maria.post("/downtime/drills", form).headers["location"] == f"/downtime/{form['drill_id']}"
    begun = practice.clock.now()
    practice.clock.forward(minutes=5)
    entry = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    practice.clock.forward(minutes=15)
    apart = [[instant(begun), instant(practice.clock.now())]]
    tablet.sync([entry], apart=apart, standing={"waiting": 1})
    # Not in the drill: a real outage beside it.
    other.sync(apart=apart, standing={"waiting": 0})
    ending = {"drill_id": form["drill_id"], "learned": "Keep the flight mode switch in mind"}
    assert maria.post("/downtime/drills/end", ending).status_code == 303
    page = maria.get(f"/downtime/{form['drill_id']}").text
    assert "data-drill" in page
    assert ">Drill</p>" in page
    assert "Tablet 2" not in page
    assert "1 entry was made without the office by Ana Garrido." in page
    assert "Keep the flight mode switch in mind" in page
    listed = maria.get("/downtime").text
    assert listed.count('data-row="outage:') == 2
    assert listed.count("data-drill") == 1


def test_in_a_drill_no_time_without_the_office_is_too_short(practice: Practice) -> None:
    tablet, other, maria = practice.tablet("Tablet 1"), practice.tablet("Tablet 2", "ben"), practice.browser("maria")
    form = {"drill_id": new_id(), "device_id": [tablet.device_id]}
    maria.post("/downtime/drills", form)
    begun = practice.clock.now()
    practice.clock.forward(seconds=20)
    entry = tablet.command("checkin.record_arrival", {"visit_id": practice.visits["alma"]})
    apart = [[instant(begun), instant(practice.clock.now())]]
    for each, entries in ((tablet, [entry]), (other, [])):
        each.sync(entries, apart=apart)
    assert "1 entry was made without the office by Ana Garrido." in maria.get(f"/downtime/{form['drill_id']}").text
    assert maria.get("/downtime").text.count('data-row="outage:') == 1


def test_a_drill_is_begun_once_with_devices_of_the_office_and_ended_once(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    first = {"drill_id": new_id(), "device_ids": [tablet.device_id]}
    assert practice.act("ana", BEGIN, first).code == "not_allowed"
    assert practice.act("maria", BEGIN, {**first, "device_ids": [new_id()]}).outcome == "refused"
    assert practice.act("maria", BEGIN, first).outcome == "applied"
    assert practice.act("maria", BEGIN, {**first, "drill_id": new_id()}).code == "already_begun"
    page = practice.browser("maria").post("/downtime/drills", {"drill_id": new_id(), "device_id": [tablet.device_id]})
    assert page.status_code == 422
    assert "A drill is under way already." in page.text
    assert practice.act("maria", END, {"drill_id": new_id()}).outcome == "refused"
    assert practice.act("maria", END, {"drill_id": first["drill_id"]}).outcome == "applied"
    assert practice.act("maria", END, {"drill_id": first["drill_id"]}).code == "already_ended"
    practice.tablet("Tablet 2").sync(apart=[[instant(practice.clock.now() - timedelta(hours=1))] * 2])
    assert "No device has been" not in practice.browser("maria").get("/downtime").text
