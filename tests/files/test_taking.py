"""Files come in part by part, again, in any order and after a pause; only what matches its hash is kept."""

from typing import Any

import pytest

from backend.files.keeping import PART_BYTES
from backend.files.sniffing import sniff
from tests.files.sending import cabinet, envelope, id_of, known, parts_there, picture, send, send_whole
from tests.practice import Practice


def test_a_photo_in_three_parts_is_kept_once_its_hash_is_right(practice: Practice) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture(2 * PART_BYTES + 77)
    for part in (2, 0):
        assert send(tablet, photo, part).json()["complete"] is False
    assert parts_there(tablet, id_of(photo)) == {"size": len(photo), "parts": 3, "have": [0, 2], "complete": False}
    assert send(tablet, photo, 1).json() == {"size": len(photo), "parts": 3, "have": [0, 1, 2], "complete": True}
    kept = known(practice, id_of(photo))
    assert kept is not None
    assert (kept.media_type, kept.device_id, kept.size) == ("image/jpeg", tablet.device_id, len(photo))
    assert b"".join(cabinet(practice).read(id_of(photo), 3)) == photo


def test_nothing_of_a_photo_is_on_the_disk_in_the_open(practice: Practice) -> None:
    photo = picture()
    send_whole(practice.tablet("Tablet 1"), photo)
    paths = list(cabinet(practice).every_part())
    assert len(paths) == 1
    assert photo[10:40] not in paths[0].read_bytes()
    assert paths[0].stat().st_mode & 0o077 == 0


def test_a_part_sent_twice_and_a_file_sent_again_change_nothing(practice: Practice) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture(PART_BYTES + 1)
    assert send(tablet, photo, 0).json() == send(tablet, photo, 0).json()
    send(tablet, photo, 1)
    first = known(practice, id_of(photo))
    practice.clock.forward(hours=1)
    again = send(practice.tablet("Tablet 2", "ben"), photo, 0).json()
    assert again["complete"]
    second = known(practice, id_of(photo))
    assert first is not None
    assert second is not None
    assert (second.complete_at, second.device_id) == (first.complete_at, first.device_id)


def test_a_part_sealed_to_the_office_is_opened_only_there(practice: Practice) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture()
    sealed = {"content-type": "application/vnd.daysheet.sealed"}
    ring = practice.office.keyring
    for wrong in (b"", b"nonsense", envelope(ring, photo, "command"), envelope(ring, photo)[:-1]):
        answer = send(tablet, photo, body=wrong, **sealed)
        assert (answer.status_code, answer.json()["error"]) == (409, "unsealable")
    assert send(tablet, photo, body=envelope(ring, photo), **sealed).json()["complete"]


def test_a_file_that_is_not_what_its_hash_says_is_dropped_whole(practice: Practice) -> None:
    tablet, photo, other = practice.tablet("Tablet 1"), picture(PART_BYTES + 5), picture(PART_BYTES + 5)
    send(tablet, photo, 0)
    answer = send(tablet, photo, 1, body=other[PART_BYTES:])
    assert (answer.status_code, answer.json()["error"]) == (409, "wrong_hash")
    assert "sends it again" in answer.json()["say"]
    assert known(practice, id_of(photo)) is None
    assert parts_there(tablet, id_of(photo))["have"] == []
    assert send_whole(tablet, photo)


def test_whoever_claims_another_size_for_a_hash_stands_in_nobodys_way(practice: Practice) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture(PART_BYTES + 5)
    assert send(tablet, photo, 0, size=3 * PART_BYTES).status_code == 200
    assert send_whole(practice.tablet("Tablet 2", "ben"), photo)


@pytest.mark.parametrize(
    "content", [b"GIF89a" + b"x" * 50, b"<html><script>", b"MZ" + bytes(60), b"PK\x03\x04" + bytes(60), b"x"]
)
def test_what_the_office_does_not_keep_is_refused_with_a_sentence(practice: Practice, content: bytes) -> None:
    answer = send(practice.tablet("Tablet 1"), content, **{"content-type": "image/jpeg"})
    assert answer.status_code == 415
    assert "JPEG, PNG, WebP, HEIC" in answer.json()["say"]
    assert known(practice, id_of(content)) is None


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe1", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"%PDF-1.7", "application/pdf"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt ", None),
        (b"\x00\x00\x00\x18ftypisom", None),
        (b"", None),
    ],
)
def test_kinds_are_told_by_the_first_bytes(start: bytes, kind: str | None) -> None:
    assert sniff(start) == kind


def test_limits_of_a_part_a_file_and_a_device(practice: Practice) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture(PART_BYTES + 5)
    assert send(tablet, photo, 0, size=20_000_001).status_code == 413
    assert send(tablet, photo, 0, body=photo).json()["error"] == "cut_short"
    assert send(tablet, photo, 1, body=b"").json()["error"] == "cut_short"
    assert send(tablet, photo, 2).json()["error"] == "no_such_part"
    for size in ("", "0", "-5", "1e3", "٣", "9" * 40, "x"):
        headers = {"x-file-size": size} if size.isascii() else {"x-file-size": "3x"}
        assert send(tablet, photo, 0, **headers).json()["error"] in ("no_size", "too_much"), size
    for _ in range(10):
        assert send(tablet, picture(PART_BYTES), 0, id=id_of(picture()), size=20_000_000).status_code == 200
    answer = send(tablet, photo, 0)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_many_waiting")
    assert send(practice.tablet("Tablet 2", "ben"), photo, 0).status_code == 200


NO_IDS = ["..%2f..%2fdaysheet.key", "%2e%2e", "A" * 64, "0" * 63, "0" * 65, "0" * 64 + "%00", "g" * 64, "x/../../y"]


@pytest.mark.parametrize("id", NO_IDS)
def test_nothing_but_a_hash_is_the_name_of_a_file(practice: Practice, id: str) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture()
    before = sorted(practice.office.settings.data.rglob("*"))
    assert send(tablet, photo, id=id).status_code in (400, 404, 405)
    for path in (f"/files/{id}", f"/files/{id}/parts"):
        answer = tablet.get(path, accept="application/json", **{"x-daysheet": "file"})
        assert answer.status_code in (400, 404)
    assert sorted(practice.office.settings.data.rglob("*")) == before


def test_a_part_number_that_is_none_is_refused(practice: Practice) -> None:
    tablet, photo = practice.tablet("Tablet 1"), picture()
    for part in ("-1", "x", "1e9", "99999999999999999999", "%2e%2e"):
        assert send(tablet, photo, body=photo, part=0, id=f"{id_of(photo)}/{part}").status_code in (400, 404, 405)
        answer = tablet._send(
            "POST", f"/files/{id_of(photo)}/{part}", {"x-daysheet": "f", "x-file-size": "1000"}, content=photo
        )
        assert answer.status_code in (400, 404), part


def test_nobody_and_other_sites_pages_hand_in_nothing(practice: Practice) -> None:
    photo = picture()
    assert send(practice.browser(), photo, accept="application/json").status_code == 401
    tablet = practice.tablet("Tablet 1")
    assert send(tablet, photo, **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert send(tablet, photo, **{"x-daysheet": ""}).status_code == 403
    assert known(practice, id_of(photo)) is None


def test_a_person_at_a_browser_without_a_device_may_hand_in(practice: Practice) -> None:
    browser = practice.browser()
    browser.sign_in("ana")
    id = send_whole(browser, picture())
    kept: Any = known(practice, id)
    assert (kept.device_id, kept.actor_id) == (None, practice.staff["ana"])
