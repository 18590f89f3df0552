"""`./daysheet simulate`: plays many random histories and says what went wrong in them, and which promises broke."""

import argparse
import os
import sys
import time

from tests.simulation.playing import play_all, report


def main() -> int:
    """Returns 1 when a promise broke."""
    parser = argparse.ArgumentParser(prog="daysheet simulate", description=__doc__)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1, help="of the first history; the others count on from it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    began = time.monotonic()
    results = list(play_all(range(given.seed, given.seed + given.histories), min(given.jobs, given.histories)))
    print(report(results, time.monotonic() - began))
    return 1 if any(result.violations for result in results) else 0


if __name__ == "__main__":
    sys.exit(main())
