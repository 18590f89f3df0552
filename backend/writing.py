"""Writing a file whole or not at all, for its owner's eyes only."""

import os
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """The file as it shall be, or as it was before; on the disk when this returns."""
    beside = path.with_name(f"{path.name}.{os.getpid()}-{os.urandom(4).hex()}.new")
    opened = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
