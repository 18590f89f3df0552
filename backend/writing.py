"""Writing a file whole or not at all, for its owner's eyes only."""

import errno
import os
import shutil
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """The file as it shall be, or as it was before; on the disk when this returns."""
    written_beside(path, content).replace(path)
    sync_folder(path.parent)


def write_first(path: Path, content: bytes) -> None:
    """The file as it shall be, unless there is one: of two processes that write at once, the first one's stays."""
    beside = written_beside(path, content)
    with suppress(FileExistsError):
        os.link(beside, path)
    beside.unlink()
    sync_folder(path.parent)


def written_beside(path: Path, content: bytes) -> Path:
    """The content under a name of its own in the same folder."""
    beside = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}.new")
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside


def move(path: Path, place: Path) -> None:
    """The file under another name, also where that is on another disk: then the name is there before the bytes are."""
    try:
        path.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy(path, place)
        path.unlink()


def name_also(path: Path, other: Path) -> None:
    """The same file under a second name, or a copy where the disks or the file system allow no second name."""
    try:
        os.link(path, other)
    except FileExistsError:
        raise
    except OSError:
        copy(path, other)


def copy(path: Path, place: Path) -> None:
    """The bytes, on the disk when this returns; nothing is left of a copy that did not fit."""
    try:
        shutil.copyfile(path, place)
        shutil.copymode(path, place)
        with place.open("rb") as copied:
            os.fsync(copied.fileno())
    except OSError:
        place.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """What was named anew in it is so on the disk, too, when this returns."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
