"""The server of the practice, and who sits at it."""

from pathlib import Path

import pytest

from tests.backups.cast import Server
from tests.practice import Practice


@pytest.fixture
def server(practice: Practice, tmp_path: Path) -> Server:
    return Server(practice, tmp_path / "elsewhere")
