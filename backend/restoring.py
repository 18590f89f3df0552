"""Restoring: a backup is unpacked, proven and made ready in a folder of its own, and then takes the office's place.

Until that last step the present office is not touched. The restored one has a new epoch: from it every device learns
that the office forgot something, and offers again what it had handed in during the last thirty days.
"""

import time
import uuid
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
from alembic.util import CommandError
from sqlalchemy import delete, insert, update

from backend.anchors import Head, heads_of, write_line
from backend.backing_up import TROUBLE, NotDone, one_at_a_time, reason
from backend.backups import RecordRestore, RestoreEntry
from backend.checking import check
from backend.clock import Clock, optional_instant, parse_instant
from backend.comparing import Since, carry_looks, since
from backend.database import Base, Database
from backend.feed_tables import feed_head
from backend.files import Cabinet
from backend.ids import new_id
from backend.keyring import Keyring, Unsealable, open_keyring, read_ring, write_ring
from backend.manifests import Manifest, differences
from backend.migrating import is_known_revision, migrate
from backend.placing import InUse, held, is_empty, put_in_place
from backend.readmitting import decide_again, take_over
from backend.recording import record, record_backup
from backend.recovery import WrongPhrase, open_key, path_of
from backend.sealed_file import Damaged
from backend.settings import Settings
from backend.unpacking import ANCHORS, DATABASE, KEYRING, RECOVERY, TLS, KeyOf, Unpacked, unpack_with
from backend.writing import move, write_first

Say = Callable[[str], None]
# Yesterday's sign-ins and half-done sign-ins are nobody's today; everybody signs in once more.
FORGOTTEN = ("sign_in", "sign_in_pending", "device_invitation")
NOT_EMPTY = (
    "There is an office in this place already. To put the backup in its place, run this again with --over: "
    "what is here now is kept aside, not thrown away."
)
OTHER_KEYS = (
    "The office’s secrets are in DAYSHEET_KEY, and lack one that this backup needs. Put those from the time of the "
    "backup before the present ones, then run this again."
)


def restore(
    settings: Settings, path: Path, phrase: str, over: bool, clock: Clock | None = None, say: Say = print
) -> int:
    """Put the backup in the office's place; 1 with a sentence when that was not done, and nothing then is changed."""
    try:
        with one_at_a_time(settings.data) as folder:
            began = time.monotonic()
            if not over and not is_empty(settings.database_url):
                raise NotDone(NOT_EMPTY)
            with held(settings.database_url):
                pass
            found = open_backup(path, lambda sealed: open_key(phrase, sealed), folder, say)
            bring_back(settings, path, found.manifest, folder, clock or Clock(), say)
            say(f"Done in {time.monotonic() - began:.1f} s. Start the server: what tablets and phones hold comes back")
            say("by itself. ./daysheet restore --report says what came and what not, as does Backups in the program.")
    except (NotDone, InUse, WrongPhrase, Damaged) as problem:
        say(str(problem))
        return 1
    except TROUBLE as error:
        say(f"The office was not restored, and is as it was. {reason(error)}")
        return 1
    return 0


def bring_back(settings: Settings, path: Path, manifest: Manifest, folder: Path, clock: Clock, say: Say) -> None:
    """Everything, in its order; raises before the last step, or not at all."""
    before = None if is_empty(settings.database_url) else since(settings.database_url, manifest)
    ring = joined_ring(settings, folder)
    staged = staged_settings(settings, folder)
    heads = make_ready(staged, clock, parse_instant(manifest.made_at), before, say)
    # It was noted only after it was made, so it does not know of itself.
    record_backup(staged, clock, path, manifest)
    put_beside(settings, folder, ring, say)
    # The ring and the files are the office's already; the anchors that belong to the backup are not.
    beside = {"database": staged.database_url, "anchors": str(staged.anchors_path)}
    if check(msgspec.structs.replace(settings, **beside), say):
        say("What differs was so in the backup, or came with this version. It is restored as it is; look into it.")
    with held(settings.database_url):
        # Before the last step: what cannot be said to the anchors must not be done. Until then it is true either way.
        write_line(settings.anchors_path, clock.now(), heads, restored=True)
        if kept := put_in_place(folder / DATABASE, settings.database_url, settings.data, clock.now()):
            say(f"The office as it was before is kept in {kept}. Take it away once the report is as it should be.")


def open_backup(path: Path, key_of: KeyOf, folder: Path, say: Say) -> Unpacked:
    """What is in the backup, proven, in the folder. Raises NotDone, WrongPhrase or Damaged."""
    if not path.is_file():
        raise NotDone(f"There is no file {path}.")
    found = unpack_with(key_of, path, folder)
    manifest = found.manifest
    if not is_known_revision(manifest.migration):
        raise NotDone(
            f"This backup was made by a newer version of Daysheet ({manifest.version}) than this one. Install that one."
        )
    if wrong := next(differences(folder / DATABASE, manifest, found.parts), None):
        raise NotDone(f"This backup is not whole: {wrong}. Nothing of it was used. Take another copy.")
    say(f"{path} is whole: {manifest.entries:,} entries of the journal, {manifest.parts:,} parts of files, "
        f"made {manifest.made_at} by version {manifest.version}.")  # fmt: skip
    return found


def staged_settings(settings: Settings, folder: Path) -> Settings:
    """The settings of an office that lives in the folder alone."""
    own = {"data": folder, "database": "", "key": "", "key_file": "", "anchors": ""}
    return msgspec.structs.replace(settings, **own)


def make_ready(
    office: Settings, clock: Clock, made_at: datetime | None, before: Since | None, say: Say
) -> tuple[Head, Head]:
    """A new epoch, and everything that must not be believed any more taken out, before anybody is served.

    Returns where the chains end to which the office was put back.
    """
    epoch, restore_id = uuid.uuid4().hex[:12], new_id()
    database = Database(office.database_url)
    try:
        with database.write() as session:
            session.execute(update(feed_head).values(epoch=epoch))
            for name in FORGOTTEN:
                session.execute(delete(Base.metadata.tables[name]))
            # What a device said of itself before is no sign that it has handed in again.
            session.execute(update(Base.metadata.tables["device_contact"]).values(waiting=None))
            if before is not None:
                looks = carry_looks(session, before.looks)
                take_over(session, before.admitted.tables)
                if before.entries:
                    session.execute(insert(RestoreEntry), [{"restore_id": restore_id, **one} for one in before.entries])
            heads = heads_of(session)
    finally:
        database.close()
    told = {"restore_id": restore_id, "epoch": epoch, "seq": heads[0].seq, "compared": before is not None}
    record(office, clock, RecordRestore, **told, made_at=optional_instant(made_at))
    if before is None:
        say("What was done since cannot be read here: the report will say what comes back, not what is missing.")
    else:
        again = decide_again(office, clock, before.admitted.entries)
        say(f"Since then the office had taken {len(before.entries):,} entries, and noted {len(before.looks):,} looks, "
            f"of which {looks:,} are carried over.")  # fmt: skip
        say(
            f"Passwords, keys, devices and staff are as they were last; {again:,} decisions about them were made again."
        )
        if left := len(before.admitted.entries) - again:
            say(f"{left:,} decisions could not be made again: look at who may come in, and at what needs a person.")
    return heads


def joined_ring(settings: Settings, folder: Path) -> list[bytes]:
    """The backup's secrets, and after them those that came later: devices may have sealed to these already."""
    own = read_ring(folder / KEYRING)
    if settings.key:
        present = list(open_keyring(settings).secrets.values())
        if set(own) - set(present):
            raise NotDone(OTHER_KEYS)
        return present
    later = read_ring(settings.key_path) if settings.key_path.exists() else []
    return [*own, *(secret for secret in later if secret not in own)]


def put_beside(settings: Settings, folder: Path, ring: list[bytes], say: Say) -> None:
    """What stands beside the database. Each is more than was there or was missing, so nothing is lost by it."""
    if not settings.key:
        settings.key_path.parent.mkdir(parents=True, exist_ok=True)
        write_ring(settings.key_path, ring)
    cabinet, brought = Cabinet(settings.data, Keyring(ring)), 0
    for part in Cabinet(folder, cabinet.keyring).every_part():
        place = cabinet.place(part.parent.name) / part.name
        if not opens(cabinet, place):
            place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            move(part, place)
            brought += 1
    for name, place in ((RECOVERY, path_of(settings)), (ANCHORS, settings.anchors_path / Path(ANCHORS).name)):
        bring(folder / name, place)
    for path in sorted((folder / TLS).glob("*.pem")):
        bring(path, settings.data / "tls" / path.name)
    say(f"parts of files: {brought:,} brought back")


def opens(cabinet: Cabinet, place: Path) -> bool:
    """Whether the part is there, and whole."""
    try:
        cabinet.open_part(place)
    except (OSError, Unsealable):
        return False
    return True


def bring(path: Path, place: Path) -> None:
    """Only where there is nothing: what is there is newer than the backup."""
    if path.exists() and not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_first(place, path.read_bytes())


def restored_otherwise(settings: Settings, clock: Clock | None = None, say: Say = print) -> int:
    """A provider or a copy of the disk put the database back: a new epoch and the record of it are still owed."""
    clock, url = clock or Clock(), settings.database_url
    try:
        if is_empty(url):
            raise NotDone("There is no office in this place. Put its database back first, or restore a backup.")
        with held(url):
            pass
        migrate(url)
        heads = make_ready(settings, clock, None, None, say)
        write_line(settings.anchors_path, clock.now(), heads, restored=True)
    except (NotDone, InUse) as problem:
        say(str(problem))
        return 1
    except (*TROUBLE, CommandError) as error:
        say(f"This is not finished, so start no server yet. {reason(error)}. Mend that and run this again.")
        return 1
    say("The office has a new epoch. Start the server: devices offer again what they handed in lately.")
    return 0
