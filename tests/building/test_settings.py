"""Settings from the environment."""

import pytest

from backend.settings import read_settings


def test_an_office_runs_with_nothing_set() -> None:
    settings = read_settings({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.database_url == f"sqlite:///{settings.data / 'daysheet.sqlite3'}"


def test_what_is_set_counts() -> None:
    given = {"DAYSHEET_PORT": "9000", "DAYSHEET_SECURE_COOKIES": "true", "DAYSHEET_DATABASE": "postgresql+psycopg://x"}
    settings = read_settings(given)
    assert (settings.port, settings.secure_cookies) == (9000, True)
    assert settings.database_url == "postgresql+psycopg://x"


def test_a_setting_that_makes_no_sense_stops_the_start_with_a_sentence() -> None:
    with pytest.raises(SystemExit, match="cannot be read"):
        read_settings({"DAYSHEET_PORT": "the usual one"})
