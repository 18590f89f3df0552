"""Round after round at one desk: whatever befalls the tablet, what was said to be saved is in the journal once."""

import os
import random

from tests.browser.rounds import FAULTS, Desk

ROUNDS = int(os.environ.get("DAYSHEET_ROUNDS", "20"))
SEED = int(os.environ.get("DAYSHEET_ROUNDS_SEED", "5"))


def test_what_was_said_to_be_saved_outlives_every_round(playwright, office, tmp_path):
    desk = Desk(playwright, office, tmp_path)
    order = random.Random(SEED)
    try:
        rounds = []
        while len(rounds) < ROUNDS:
            rounds += order.sample(FAULTS, len(FAULTS))
        for fault in rounds[:ROUNDS]:
            fault(desk)
            desk.come_together()
            desk.close_the_books()
    finally:
        desk.chrome.kill()
    assert sorted(set(desk.complaints)) == []
