"""What a manager makes of a payment too many: it is given back, or goes to the balance."""

from sqlalchemy import select

from backend.commands import REQUEST, Command, handles
from backend.errors import Missing, Refused
from backend.fields import Id
from backend.identity import MANAGERS
from backend.payments.models import Payment
from backend.work import Work


class Refund(Command, tag="payments.refund", truth=REQUEST, title="Refund", roles=MANAGERS):
    """A payment was given back, by the way it came. The book gets its opposite; the payment itself stays."""

    payment_id: Id


@handles(Refund)
def refund(asked: Refund, work: Work) -> None:
    reverse(find_payment(asked.payment_id, work), "refund", work)


class ApplyToBalance(
    Command, tag="payments.apply_to_balance", truth=REQUEST, title="Applied to balance", roles=MANAGERS
):
    """A payment is no copay of its visit, but goes towards what the patient owes. The total stays."""

    payment_id: Id


@handles(ApplyToBalance)
def apply_to_balance(asked: ApplyToBalance, work: Work) -> None:
    payment = find_payment(asked.payment_id, work)
    if reversal_of(payment, work) is not None:
        raise Refused("It was given back already, so there is nothing to apply.", "given_back")
    if payment.to_balance:
        return work.noop("already_applied", "It was already applied to the balance.")
    payment.to_balance = True
    work.about(payment.patient_id)
    work.publish("payment", payment.id)
    return None


def find_payment(payment_id: str, work: Work) -> Payment:
    """A payment of this site, locked; what reverses another is none."""
    payment = work.session.get(Payment, payment_id, with_for_update=True)
    if payment is None or payment.reverses is not None:
        raise Missing("There is no such payment.", "unknown_payment")
    work.keep_to_site(payment.site_id)
    return payment


def reversal_of(payment: Payment, work: Work) -> Payment | None:
    """The opposite entry, if it was given back."""
    return work.session.scalars(select(Payment).where(Payment.reverses == payment.id)).first()


def reverse(payment: Payment, kind: str, work: Work) -> None:
    """Book the opposite, today and once; whoever is later is told that it was done."""
    work.about(payment.patient_id)
    if reversal_of(payment, work) is not None:
        return work.noop("already_given_back", "It was already given back.")
    opposite = Payment(
        id=work.new_id("opposite"), site_id=payment.site_id, visit_id=payment.visit_id, visit_day=payment.visit_day,
        patient_id=payment.patient_id, kind=kind, cents=-payment.cents, method=payment.method, reference=None,
        number=payment.number, day=work.today, reverses=payment.id, to_balance=False, command_id=work.command_id,
        actor_id=work.actor.id, device=work.device.name, happened_at=work.happened_at,
        happened_about=work.happened_about, received_at=work.received_at,
    )  # fmt: skip
    work.session.add(opposite)
    work.publish("payment", payment.id)
    return None
