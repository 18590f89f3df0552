"""The practice with a push service of its own, and Maria's phone."""

import copy
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.approvals.cast import open_trial
from tests.conftest import Databases
from tests.practice import Practice, open_practice
from tests.tablets import Tablet
from tests.today.push_service import PushService, Subscription, push_service


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


@pytest.fixture
def practice(databases: Databases, tmp_path: Path, service: PushService) -> Iterator[Practice]:
    """The practice on its Monday morning; Marco and Olga are managers too."""
    url = databases.copy(databases.filled)
    with open_practice(url, tmp_path, copy.deepcopy(databases.cast), push_hosts=service.origin) as opened:
        open_trial(opened)
        yield opened
    databases.drop(url)


@pytest.fixture
def phone(practice: Practice) -> Tablet:
    """Maria's own."""
    return practice.tablet("Phone", "maria", "manager_phone")


@pytest.fixture
def browser(phone: Tablet, service: PushService) -> Subscription:
    """Maria's phone tells her."""
    subscribed = service.browser()
    phone.sync([phone.command("today.turn_on_push", subscribed.form)])
    return subscribed
