"""What the tests of imports are given."""

from collections.abc import Callable
from pathlib import Path

import pytest

from backend.fhir import import_files
from backend.settings import Settings
from tests.practice import StillClock

Take = Callable[..., str]


@pytest.fixture
def take(empty_database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Take:
    """Imports files into an empty database, says with which exit code, and returns the report."""

    def importing(*files: Path, shift: bool = False, code: int = 0, clock: StillClock | None = None) -> str:
        capsys.readouterr()
        settings = Settings(data=tmp_path, database=empty_database)
        done = import_files(settings, files, site_id="main", shift_to_today=shift, clock=clock or StillClock())
        out, err = capsys.readouterr()
        assert done == code, out + err
        return out + err

    return importing
