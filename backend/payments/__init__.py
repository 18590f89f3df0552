"""Payments: copays taken at the desk, their numbered receipts, and the day's money."""

from backend.house import Room
from backend.payments.collecting import CollectCopay
from backend.payments.pages import receipt
from backend.payments.rows import payment_row
from backend.payments.settling import ApplyToBalance, Refund
from backend.payments.totals import show_day

__all__ = ["CollectCopay", "room"]

room = Room(
    name="payments",
    commands=[ApplyToBalance, CollectCopay, Refund],
    rows=[payment_row],
    pages=[receipt],
    routes=[show_day],
    sentences={
        ApplyToBalance: "{who} applied a copay to the balance",
        CollectCopay: "{who} took a copay",
        Refund: "{who} paid a copay back",
    },
)
