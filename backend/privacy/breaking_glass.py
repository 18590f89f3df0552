"""Somebody says that there is an emergency, and may read the patient pages for half an hour."""

from typing import Annotated

from msgspec import Meta

from backend.access_log import Access, append
from backend.commands import FACT, Command, handles
from backend.effects import Put
from backend.fields import Id, Label, NewId
from backend.identity import EVERYBODY
from backend.privacy.models import Glass
from backend.values import actor, field, now, site
from backend.work import Work

Reason = Annotated[
    str,
    Meta(min_length=10, max_length=500, extra={"reader": "text", "multiline": True}),
    Label("What is the emergency?"),
]


class BreakGlass(
    Command,
    tag="privacy.break_glass",
    truth=FACT,
    title="Opened in an emergency",
    roles=EVERYBODY,
    effect=[
        Put(
            "glass",
            field.glass_id,
            sheet="glass/{actor}",
            actor_id=actor,
            site_id=site,
            since=now,
            reason=field.reason,
            patient_id=field.patient_id,
            reviewed=False,
        )
    ],
):
    """Somebody opened the patient pages in an emergency, though their role does not open them, and said why."""

    glass_id: NewId
    reason: Reason
    patient_id: Annotated[Id, Label("Patient")] | None = None


@handles(BreakGlass)
def break_glass(breaking: BreakGlass, work: Work) -> None:
    if work.session.get(Glass, breaking.glass_id) is not None:
        return work.noop("already_open", "This emergency is already noted.")
    work.session.add(
        Glass(
            id=breaking.glass_id,
            command_id=work.command_id,
            actor_id=work.actor.id,
            site_id=work.site.id,
            device_id=work.device.id,
            reason=breaking.reason,
            patient_id=breaking.patient_id,
            since=work.happened_at,
            since_about=work.happened_about,
        )
    )
    look = Access(
        "break_glass",
        work.happened_at,
        actor_id=work.actor.id,
        site_id=work.site.id,
        device_id=work.device.id,
        subject=breaking.patient_id,
        id=work.new_id("access"),
        at_about=work.happened_about,
        received_at=work.received_at,
        source="device" if work.device.id else "office",
    )
    append(work.session, [look])
    work.flag(
        "emergency", f"{work.actor.name} opened the patient pages in an emergency. The privacy officer reviews it."
    )
    work.publish("glass", breaking.glass_id)
    return None
