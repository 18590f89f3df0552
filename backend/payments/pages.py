"""The receipt of a payment: shown and printed by the device that took it, also without a network."""

from backend.identity import DESK
from backend.lists import ById, Eq, One
from backend.screens import Page

receipt = Page(
    "payments.receipt",
    ["/receipts/{payment_id:id}"],
    "payments/receipt.html",
    "Receipt",
    sheets=["visits/{site}/*", "office/{site}", "patients/{site}"],
    lists={
        "payment": One("payment", where=[Eq("id", "{payment_id}")]),
        "visits": ById("visit"),
        "patients": ById("patient"),
        "staff": ById("staff_member"),
    },
    roles=DESK,
)
