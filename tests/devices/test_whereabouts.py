"""Where is my data: the manager is told in a sentence what is on devices alone."""

from tests.forms import text_of
from tests.practice import Practice


def where(practice: Practice, who: str = "maria") -> str:
    return " ".join(text_of(practice.browser(who).get("/devices/where").text).split())


def test_what_is_on_devices_alone_is_said_in_a_sentence_with_how_long_already(practice: Practice) -> None:
    first, third = practice.tablet("Tablet 1"), practice.tablet("Tablet 3", "ben")
    first.sync(standing={"waiting": 0})
    practice.clock.forward(minutes=90)
    third.sync(standing={"waiting": 12, "oldest_at": "2026-11-23T14:41:00.000Z", "files": 1})
    page = where(practice)
    assert (
        "Tablet 3 holds 12 entries and 1 file since Mon, Nov 23, 9:41 am; nothing else is known to be outside." in page
    )
    assert "may hold more than they said: Tablet 1 (Mon, Nov 23, 8:30 am)." in page
    third.sync(standing={"waiting": 0})
    practice.clock.forward(minutes=1)
    third.sync(standing={"waiting": 0})
    assert "All that devices told of is at the office." in where(practice)
    # Out of use, and still not wiped.
    practice.act("maria", "devices.retire", {"device_id": first.device_id})
    assert "Tablet 1" in where(practice)
    assert practice.browser("ana").get("/devices/where").status_code == 403
