"""The list of the devices and the record of each: what a manager sees, and who else does not."""

from backend.devices.models import Contact
from backend.ids import new_id
from backend.staff.models import StaffMember
from tests.devices.cast import enrolled
from tests.forms import text_of
from tests.practice import Practice


def stand(practice: Practice, device_id: str, **said: object) -> None:
    """As a sync notes it."""
    with practice.database.write() as session:
        contact = session.get(Contact, device_id)
        if contact is None:
            contact = Contact(device_id=device_id, at=practice.clock.now(), app="2026.11.0", skew_ms=0)
        for name, value in said.items():
            setattr(contact, name, value)
        session.add(contact)


def test_the_figures_say_when_each_was_heard_of_what_waits_and_who_may_open_it(practice: Practice) -> None:
    tablet, never = practice.tablet("Tablet 3"), enrolled(practice, "Tablet 4")
    stand(practice, tablet.device_id, waiting=3, files=1, oldest_at=practice.clock.now(), sheets=5, rows=320)
    stand(practice, tablet.device_id, durable=False)
    maria = practice.browser("maria")
    said = text_of(maria.get("/devices/figures").text)
    for words in ("Mon, Nov 23, 8:30 am", "3 entries, 1 file", "5 sheets, 320 rows", "The browser may clear it",
                  "2026.11.0", "Ana Garrido since Mon, Nov 23", "Never", "Nobody yet"):  # fmt: skip
        assert words in said
    part = maria.get(f"/devices/figures?device_id={never}", **{"hx-request-type": "partial"}).text
    assert f'data-figures="{never}"' in part
    assert tablet.device_id not in part


def test_who_left_the_practice_opens_nothing(practice: Practice) -> None:
    practice.tablet("Tablet 3")
    with practice.database.write() as session:
        ana = session.get(StaffMember, practice.staff["ana"])
        assert ana is not None
        ana.active = False
    assert "Ana Garrido" not in practice.browser("maria").get("/devices/figures").text


def test_only_managers_see_the_list_the_records_and_the_figures(practice: Practice) -> None:
    device = enrolled(practice)
    for who in ("ana", "petra", "cleo"):
        browser = practice.browser(who)
        paths = ("/devices", "/devices?_part=list", "/devices/figures", f"/devices/{device}")
        assert [browser.get(path).status_code for path in paths] == [403] * 4
    maria = practice.browser("maria")
    assert maria.get(f"/devices/{device}").status_code == 200
    assert "There is no such device" in maria.get(f"/devices/{new_id()}").text


def test_on_a_tablet_of_the_front_desk_the_list_comes_from_the_office_alone(practice: Practice) -> None:
    tablet = practice.tablet("Tablet 3", who="maria")
    assert "Tablet 3" in tablet.get("/devices").text
    assert "devices/main" not in tablet.sync()["sheets"]
    phone = practice.tablet("Maria’s phone", "maria", "manager_phone")
    assert "devices/main" in phone.sync()["sheets"]
    assert phone.row("device", tablet.device_id)["name"] == "Tablet 3"  # type: ignore[index]


def test_a_part_alone_is_the_list_again(practice: Practice) -> None:
    device, maria = enrolled(practice), practice.browser("maria")
    part = maria.get("/devices?_part=list").text
    assert part.lstrip().startswith("<section")
    assert f'data-row="device:{device}"' in part
    assert maria.get("/devices?_part=nothing").status_code == 404
