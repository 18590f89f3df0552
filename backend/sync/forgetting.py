"""Old receipts leave the devices, which would otherwise carry every day's with them for ever."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.commands import FACT, Command, handles
from backend.fields import Id, Whole
from backend.identity import NOBODY
from backend.journal import journal, replica
from backend.work import Work

# Devices keep what was decided for as long, to offer it again to a server that was restored from a backup.
KEPT = timedelta(days=30)


class ForgetReceipts(Command, tag="sync.forget_receipts", truth=FACT, title="Forgot old receipts", roles=NOBODY):
    """The receipts of a replica up to an entry of the journal left its sheet. The journal itself keeps everything."""

    replica_id: Id
    until_seq: Whole


@handles(ForgetReceipts)
def forget_receipts(forgetting: ForgetReceipts, work: Work) -> None:
    session = work.session
    forgotten = session.execute(select(replica.c.forgotten_seq).where(replica.c.id == forgetting.replica_id)).scalar()
    if forgotten is None or forgotten >= forgetting.until_seq:
        return work.noop("already_forgotten", "")
    between = journal.c.seq.between(forgotten + 1, forgetting.until_seq)
    query = select(journal.c.command_id).where(journal.c.replica_id == forgetting.replica_id, between)
    session.execute(
        update(replica).where(replica.c.id == forgetting.replica_id).values(forgotten_seq=forgetting.until_seq)
    )
    for command_id in session.execute(query).scalars():
        work.publish("receipt", command_id)
    return None


def forgetting_due(session: Session, now: datetime) -> list[dict[str, Any]]:
    """One command for each device's replica with receipts older than a month."""
    newest_old = func.max(journal.c.seq).label("until_seq")
    query = (
        select(replica.c.id, newest_old)
        .join(journal, journal.c.replica_id == replica.c.id)
        .where(replica.c.kind == "device", journal.c.received_at < now - KEPT, journal.c.seq > replica.c.forgotten_seq)
        .group_by(replica.c.id)
    )
    return [{"replica_id": found.id, "until_seq": found.until_seq} for found in session.execute(query)]
