"""`python -m tests.product --histories N --seed S`: plays that many mornings and says what broke in which."""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.product.playing import Player, report


def main() -> int:
    """Returns 1 when a promise broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.product", description=__doc__)
    parser.add_argument("--histories", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1, help="of the first history; the others count on from it")
    given = parser.parse_args()
    with TemporaryDirectory() as folder, Player(Path(folder)) as player:
        began = time.monotonic()
        told = [player.ask("play", seed=seed) for seed in range(given.seed, given.seed + given.histories)]
        print(report(told, time.monotonic() - began))
    return 1 if any(one["violations"] for one in told) else 0


if __name__ == "__main__":
    sys.exit(main())
