"""`./daysheet engine`: writers on several nodes of a PostgreSQL that is not spared, and what is there in the end."""

import argparse
import sys
import tempfile
from pathlib import Path

from backend import logs
from backend.migrating import migrate
from tests.engine.playing import play
from tests.postgres import start_postgres


def main() -> int:
    """Returns 1 when anything was missed, came out of order, or is not what was done."""
    parser = argparse.ArgumentParser(prog="daysheet engine", description=__doc__)
    parser.add_argument("--transactions", type=int, default=10_000)
    parser.add_argument("--writers", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    logs.set_up("ERROR")
    with start_postgres() as server, tempfile.TemporaryDirectory() as folder:
        url = server.new_database()
        migrate(url)
        played = play(url, Path(folder), given.transactions, given.writers, given.seed)
    print(played.report())
    return 1 if played.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
