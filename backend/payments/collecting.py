"""A copay is collected at the desk, and taken back by its opposite."""

from typing import Annotated

from msgspec import Meta
from sqlalchemy import select

from backend.commands import FACT, Command, handles, undoes
from backend.effects import Put, Undoing
from backend.errors import Refused
from backend.fields import MOST_CENTS, Choice, Id, Label, NewId
from backend.payments.models import METHODS, Payment
from backend.payments.settling import ApplyToBalance, Refund, reverse
from backend.readers import dollars
from backend.scheduling import find_visit
from backend.staff import seen_by
from backend.values import actor, command, field, now, site, today
from backend.work import Work

Cents = Annotated[int, Meta(ge=1, le=MOST_CENTS, extra={"reader": "money"})]
Reference = Annotated[str, Meta(max_length=40, extra={"reader": "text"})]
# The device numbers its receipts: its code and a count that the office never has to be asked for.
Numbered = Annotated[str, Meta(max_length=20, extra={"reader": "text", "serial": "receipt"})]


class CollectCopay(
    Command,
    tag="payments.collect_copay",
    truth=FACT,
    title="Copay",
    effect=[
        Put(
            "payment", field.payment_id, sheet="visits/{site}/{today}",
            site_id=site, visit_id=field.visit_id, visit_day=today, cents=field.cents,
            method=field.method, reference=field.reference, number=field.number, taken_at=now, taken_about=False,
            taken_by=actor, state="taken", sort_key=now,
            last_command="payments.collect_copay", last_command_id=command,
        ),
    ],
    undo=Undoing("payment", state="undone", last_command=None, last_command_id=None),
    server_decides=("taken_at", "taken_about", "sort_key", "number", "visit_day"),
):  # fmt: skip
    """Somebody at the desk took a copay. A fact: money that was taken is in the book, however odd.

    `payment_id` belongs to the form until its row is there, so that two tabs cannot take it twice.
    """

    payment_id: NewId
    visit_id: Id
    cents: Annotated[Cents, Label("Amount")]
    method: Annotated[Choice(*METHODS), Label("Paid by")]  # type: ignore[valid-type]
    reference: Annotated[Reference, Label("Check or slip number")] | None = None
    number: Annotated[Numbered, Label("Receipt")] | None = None


@handles(CollectCopay)
def collect_copay(taken: CollectCopay, work: Work) -> None:
    visit = find_visit(taken.visit_id, work)
    known = work.session.get(Payment, taken.payment_id)
    if known is not None:
        work.keep_to_site(known.site_id)
        if (known.cents, known.method, known.visit_id) == (taken.cents, taken.method, taken.visit_id):
            return work.noop("already_taken", f"This payment is in the book already, as receipt {known.number}.")
    # Another payment under the same id is money all the same.
    payment = Payment(
        id=taken.payment_id if known is None else work.new_id("payment"),
        site_id=work.site.id, visit_id=visit.id, visit_day=visit.day, patient_id=visit.patient_id, kind="copay",
        cents=taken.cents, method=taken.method, reference=taken.reference, number=taken.number or next_number(work),
        day=work.today, to_balance=False, command_id=work.command_id, actor_id=work.actor.id, device=work.device.name,
        happened_at=work.happened_at, happened_about=work.happened_about, received_at=work.received_at,
    )  # fmt: skip
    before = taken_for(visit.id, work)
    work.session.add(payment)
    if before:
        flag_second(payment, before[-1], work)
    work.publish("payment", payment.id)
    return None


def next_number(work: Work) -> str:
    """Receipts that no device numbered are the office's own: 0-1, 0-2, …"""
    query = select(Payment.number).where(Payment.site_id == work.site.id, Payment.number.startswith("0-"))
    return f"0-{1 + max((int(number[2:]) for number in work.session.scalars(query)), default=0)}"


def taken_for(visit_id: str, work: Work) -> list[Payment]:
    """What was taken for the visit and not given back, in the order of time."""
    given_back = select(Payment.reverses).where(Payment.visit_id == visit_id, Payment.reverses.is_not(None))
    query = select(Payment).where(
        Payment.visit_id == visit_id, Payment.reverses.is_(None), Payment.id.not_in(given_back)
    )
    return list(work.session.scalars(query.order_by(Payment.happened_at, Payment.id)))


def flag_second(payment: Payment, first: Payment, work: Work) -> None:
    """Money is never merged by a machine: a manager says what it was."""
    work.differs(f"Copay: {dollars(first.cents)}, {first.method}")
    work.differs(f"Receipt {first.number} – {seen_by(first, work)}")
    amount = dollars(payment.cents)
    work.offer("refund", "Refund the second", f"{amount} is given back and booked out.", Refund(payment_id=payment.id))
    balance = ApplyToBalance(payment_id=payment.id)
    work.offer("balance", "Apply to balance", f"{amount} stays, towards what the patient owes.", balance)
    work.offer("both", "Both are right", "Both stay as copays of this visit.", managers=True)
    work.flag("paid_twice", f"A copay was taken twice for this visit. Both are in the book; the second is {amount}.")


@undoes(CollectCopay)
def take_copay_back(command_id: str, taken: CollectCopay, work: Work) -> None:
    payment = work.session.scalars(select(Payment).where(Payment.command_id == command_id)).first()
    if payment is None:
        return work.noop("nothing_recorded", "That entry put nothing into the book.")
    if payment.to_balance:
        raise Refused("It was applied to the balance since. Ask the office manager.", "built_upon")
    return reverse(payment, "undo", work)
