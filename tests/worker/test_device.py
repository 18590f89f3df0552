"""The device's own modules, in Node with real ciphers and an IndexedDB in memory: saving, syncing, unlocking."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.worker.node import lay_out, node

HERE = Path(__file__).parent
SUITES = [
    "outbox.mjs",
    "receipting.mjs",
    "syncing.mjs",
    "restoring.mjs",
    "unlocking.mjs",
    "responding.mjs",
    "coming.mjs",
    "handing.mjs",
    "returning.mjs",
    "telling.mjs",
    "apart.mjs",
]


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """The files under the addresses that the server gives them."""
    folder = tmp_path_factory.mktemp("build")
    lay_out(folder)
    for script in HERE.glob("*.mjs"):
        shutil.copy(script, folder)
    return folder


@pytest.mark.parametrize("suite", SUITES)
def test_the_device_keeps_its_promises(build, suite):
    ran = subprocess.run([node(), "--test", suite], cwd=build, capture_output=True, encoding="utf-8", timeout=120)
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-2000:]
