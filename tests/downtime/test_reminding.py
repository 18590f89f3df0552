"""An office that has made no drill for a year is reminded of it on the page of today: downtime.note_drill_due."""

from backend.ids import new_id
from tests.practice import SITE, Practice

NOTE = "downtime.note_drill_due"
REMINDER = "Make a drill"


def today(practice: Practice) -> str:
    return practice.browser("maria").get("/today").text


def test_a_drill_is_due_a_month_after_the_first_device_and_a_year_after_each_drill(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 1")
    practice.later(days=20)
    assert practice.row("drill_due", SITE.id) is None
    practice.later(days=11)
    assert practice.row("drill_due", SITE.id) == {"site_id": SITE.id, "last_at": None}
    assert REMINDER in today(practice)
    drill = {"drill_id": new_id(), "device_ids": [tablet.device_id]}
    assert practice.act("maria", "downtime.begin_drill", drill).outcome == "applied"
    assert practice.act("maria", "downtime.end_drill", {"drill_id": drill["drill_id"]}).outcome == "applied"
    assert REMINDER not in today(practice)
    ended = practice.clock.now()
    practice.later(days=364)
    assert practice.row("drill_due", SITE.id) is None
    practice.later(days=2)
    assert practice.row("drill_due", SITE.id) == {"site_id": SITE.id, "last_at": f"{ended:%Y-%m-%dT%H:%M:%S}.000Z"}
    practice.later(days=2)
    assert len(practice.entries(NOTE)) == 2, "what is so already is not noted again"
    assert practice.act("maria", NOTE, {"site_id": SITE.id, "due": False}).code == "not_allowed"
