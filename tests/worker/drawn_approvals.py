"""Rows of approvals as Hypothesis draws them, for the pages that both renderers show."""

from typing import Any

from hypothesis import strategies as st

SAID = st.sampled_from(
    "asked approved declined withdrawn expired question answer changed escalated passed something_later".split()
)
STATES = st.sampled_from("asked asked approved declined withdrawn expired".split())
ROLES = st.lists(st.sampled_from(["manager", "owner"]), unique=True, max_size=2)
CENTS = st.integers(0, 99_999_999)


def approvals(id: Any, name: Any, text: Any, flag: Any, date: Any, instant: Any) -> dict[str, Any]:
    """The bodies of every kind, by its name."""
    maybe_id, maybe_text, people = st.none() | id, st.none() | text, st.lists(id, max_size=2)
    at_site = {"site_id": st.just("main"), "sort_key": text}
    return {
        "approval": st.fixed_dictionaries({
            **at_site, "command": name, "title": name, "amount": st.none() | CENTS, "reason": maybe_text,
            "changes": st.lists(text, max_size=2), "evidence": st.lists(text, max_size=2), "excluded": people,
            "said_yes": people, "passed_to": maybe_id, "hash": text, "asked_by": id, "asked_at": instant,
            "state": STATES,
            "reasons": st.lists(st.sampled_from(["miscount", "<later>"]), max_size=2),
            "levels": st.integers(1, 2), "given": st.integers(0, 1), "expires_at": instant,
            "pressing": flag, "last_decision": SAID, "last_by": maybe_id, "last_at": st.none() | instant,
            "last_note": text,
        }),
        "approval_step": st.fixed_dictionaries({
            "site_id": st.just("main"), "approval_id": id, "what": SAID, "by": id, "by_name": text, "note": text,
            "at": instant, "place": st.integers(1, 9),
        }),
        "approval_rule": st.fixed_dictionaries({
            **at_site, "command": name, "title": name, "amount_from": CENTS, "levels": st.integers(0, 2),
            "first_roles": ROLES, "second_roles": ROLES, "manager_limit": st.none() | CENTS,
            "owner_limit": st.none() | CENTS, "expires_hours": st.integers(1, 99),
        }),
        "stand_in": st.fixed_dictionaries({**at_site, "for_id": id, "by_id": id, "until": date}),
        "asked": st.fixed_dictionaries({
            "asked_by": id, "title": name, "reason": maybe_text, "asked_at": instant, "state": STATES,
            "last_decision": SAID, "last_note": text, "sort_key": text,
        }),
    }  # fmt: skip
