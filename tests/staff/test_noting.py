"""Who came in, who was turned away and who left is in the access log, without a word of what was typed."""

from tests.practice import Practice
from tests.privacy.looks import looks


def test_a_sign_in_a_refusal_and_a_sign_out_are_noted(practice: Practice) -> None:
    ana = practice.browser("ana")
    ana.post("/signout")
    practice.browser().sign_in("ana", "not her password")
    practice.browser().sign_in("Castellanos", "Castellanos 1957")
    noted = [look for kind in ("sign_in", "sign_out", "sign_in_refused") for look in looks(practice, kind=kind)]
    anas = practice.staff["ana"]
    assert [(look.kind, look.actor_id, look.code) for look in noted] == [
        ("sign_in", anas, "password"),
        ("sign_out", anas, ""),
        ("sign_in_refused", anas, "wrong_password"),
        ("sign_in_refused", None, "wrong_password"),
    ]
    assert "Castellanos" not in str([dict(look._mapping) for look in noted])
