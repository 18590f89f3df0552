"""The cast of approvals: two more managers, and a tiny kind of request with an amount, which only these tests know."""

from typing import Any

from backend.approvals import ask
from backend.approvals.models import Approval, ApprovalRule
from backend.commands import REQUEST, Command, handles, tag_of
from backend.errors import Refused
from backend.identity import NOBODY
from backend.ids import new_id
from backend.patients.models import Patient
from backend.staff import AddStaffMember
from backend.staff.models import Password
from backend.waiting import KINDS, Change, FrozenCase, case_for
from backend.work import Work
from tests.practice import QUICK, SITE, Practice

APPROVE, DECLINE, CHANGE = "approvals.approve", "approvals.decline", "approvals.change_rule"
MANAGERS = {"marco": ("Marco Silva", ["manager"]), "olga": ("Olga Brandt", ["owner"])}


class Rename(Command, tag="trial.rename", truth=REQUEST, title="Renamed", roles=NOBODY):
    """A name is written over, which costs something."""

    patient_id: str
    name: str
    cost: int


class AskToRename(Command, tag="trial.ask_to_rename", truth=REQUEST, title="Asked to rename"):
    """Somebody asks for another name; who counted it may not approve."""

    patient_id: str
    name: str
    cost: int
    counted_by: str | None = None


@case_for(Rename, title="Another name", amount_from=10_000)
def rename_case(rename: Rename, work: Work) -> FrozenCase:
    """The name as it is and as it would be."""
    patient = work.session.get_one(Patient, rename.patient_id)
    change = Change("Name", patient.given, rename.name)
    return FrozenCase(title="Another name", amount=rename.cost, changes=(change,), evidence=("Seen on the card",))


@handles(Rename)
def rename(rename: Rename, work: Work) -> None:
    if rename.name == "Nobody":
        raise Refused("Nobody is called that.", "no_name")
    work.session.get_one(Patient, rename.patient_id).given = rename.name
    work.publish("patient", rename.patient_id)


@handles(AskToRename)
def ask_to_rename(asking: AskToRename, work: Work) -> None:
    waiting = Rename(patient_id=asking.patient_id, name=asking.name, cost=asking.cost)
    ask(work, waiting, excluded={asking.counted_by: "counted it"} if asking.counted_by else {}, reason="As told")


def open_trial(practice: Practice) -> None:
    """Marco and Olga join, and the office knows the trial's kinds."""
    practice.office.performer.kinds.update({(tag_of(kind), 1): kind for kind in (Rename, AskToRename)})
    for username, (name, roles) in MANAGERS.items():
        practice.staff[username] = new_id()
        who = {"staff_id": practice.staff[username], "name": name, "username": username}
        practice.giver().give(AddStaffMember, **who, roles=roles, site_id=SITE.id)
        with practice.database.write() as session:
            session.add(Password(staff_id=practice.staff[username], hash=QUICK, must_change=False))
    assert Rename.__name__ in {kind.command.__name__ for kind in KINDS.values()}


def rules(practice: Practice) -> dict[str, Any]:
    """The fields of a rule's form as it stands, by the kind of request."""
    with practice.database.read() as session:
        found = session.query(ApprovalRule).filter_by(site_id=SITE.id)
        return {rule.command: {"rule_id": rule.id, "amount_from": rule.amount_from, "levels": rule.levels,
                               "first_roles": rule.first_roles.split(), "second_roles": rule.second_roles.split(),
                               "manager_limit": rule.manager_limit, "owner_limit": rule.owner_limit,
                               "expires_hours": rule.expires_hours} for rule in found}  # fmt: skip


def put_rule(practice: Practice, command: str, **values: Any) -> None:
    """The rule as it is from now on, by whatever way it came to be so."""
    asked = practice.act("maria", CHANGE, {**rules(practice)[command], **values})
    assert asked.outcome == "applied", asked
    assert approve(practice, "marco", newest(practice)).outcome == "applied"


def asked(practice: Practice, who: str = "ana", cost: int = 20_000, name: str = "Alba", **more: Any) -> str:
    """A request for another name; its id."""
    fields = {"patient_id": practice.patients["alma"], "name": name, "cost": cost, **more}
    receipt = practice.act(who, "trial.ask_to_rename", fields)
    assert (receipt.outcome, receipt.code) == ("applied", "waits"), receipt
    return newest(practice)


def newest(practice: Practice) -> str:
    """The id of the newest request."""
    with practice.database.read() as session:
        return session.query(Approval).order_by(Approval.asked_at.desc(), Approval.id.desc()).first().id


def seen(practice: Practice, approval_id: str) -> str:
    """The hash of what is shown now."""
    row = practice.row("approval", approval_id)
    assert row is not None
    return row["hash"]


def approve(practice: Practice, who: str, approval_id: str, **sent: Any) -> Any:
    """Somebody's yes to what is shown now."""
    return practice.act(who, APPROVE, {"approval_id": approval_id}, **{"seen": seen(practice, approval_id), **sent})


def name_of(practice: Practice) -> str:
    """What Alma is called now."""
    row = practice.row("patient", practice.patients["alma"])
    assert row is not None
    return row["given"]
