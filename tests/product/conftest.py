"""One player for all that is played here: to put the office together costs more than most histories."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.product.playing import Player

# Memory where there is some: whether a disk keeps what it is given is not what is tried here.
MEMORY = Path("/dev/shm")


@pytest.fixture(scope="session")
def player() -> Iterator[Player]:
    """The office's server and the tablets' workers, in a folder of their own."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder, Player(Path(folder)) as playing:
        yield playing
