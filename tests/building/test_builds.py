"""Every build that one of the office's nodes has served is served whole by any of them, and devices get the oldest."""

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from backend.builds import MOST_KEPT, Builds
from tests.practice import Practice, front


class Built:
    """A front end as a version has it."""

    def __init__(self, build: str) -> None:
        self.build, self.files = build, dict(front()[1].files)


def builds(folder: Path, build: str) -> Builds:
    return Builds(folder, Built(build))  # type: ignore[arg-type]


def kept(folder: Path, build: str, second: int) -> Builds:
    """A version whose first node started at this second."""
    node = builds(folder, build)
    node.keep()
    os.utime(folder / f"{build}.zip", (second, second))
    return node


def test_a_build_of_another_node_is_served_whole(tmp_path: Path) -> None:
    kept(tmp_path, "a" * 16, 1)
    files = builds(tmp_path, "b" * 16).files("a" * 16)
    told = [{name: (one.body, one.media_type) for name, one in some.items()} for some in (files, front()[1].files)]
    assert told[0] == told[1]


def test_devices_get_the_oldest_build_that_is_served(tmp_path: Path) -> None:
    old, new = kept(tmp_path, "f" * 16, 1), kept(tmp_path, "a" * 16, 2)
    for node in (old, new):
        assert node.for_devices({"f" * 16, "a" * 16}) == "f" * 16
    assert new.for_devices({"a" * 16}) == "a" * 16
    # A build that lies in no folder of ours could not be served from here.
    assert new.for_devices({"a" * 16, "0" * 16}) == "a" * 16
    assert builds(tmp_path / "elsewhere", "c" * 16).for_devices(set()) == "c" * 16


def test_starting_again_changes_nothing_and_the_last_few_are_kept(tmp_path: Path) -> None:
    names = [f"{number:016x}" for number in range(MOST_KEPT + 2)]
    for second, name in enumerate(names):
        kept(tmp_path, name, second + 1)
    assert builds(tmp_path, names[-1]).in_order() == names[2:]
    before = (tmp_path / f"{names[-1]}.zip").stat().st_mtime_ns
    builds(tmp_path, names[-1]).keep()
    assert (tmp_path / f"{names[-1]}.zip").stat().st_mtime_ns == before


@pytest.mark.parametrize("name", ["../secret", "secret", "A" * 16, "", "..%2fsecret"])
def test_nothing_but_a_build_is_ever_opened(tmp_path: Path, name: str) -> None:
    kept(tmp_path, "a" * 16, 1)
    for path in (tmp_path.parent / "secret.zip", tmp_path / "secret.zip", tmp_path / f"{'A' * 16}.zip"):
        shutil.copy(tmp_path / f"{'a' * 16}.zip", path)
    assert builds(tmp_path, "b" * 16).files(name) == {}


def test_a_page_of_the_version_before_gets_its_own_files(practice: Practice) -> None:
    app: Any = practice.client.app
    own: Builds = app.state.builds
    name, body = "shell/base.css", b"/* of the version before */"
    before = Built("0123456789abcdef")
    before.files[name] = replace(before.files[name], body=body)
    Builds(own.folder, before).keep()  # type: ignore[arg-type]
    answer = practice.browser().get(f"/w/{before.build}/{name}", **{"accept-encoding": "identity"})
    assert (answer.status_code, answer.content) == (200, body)
    assert "immutable" in answer.headers["cache-control"]
    assert practice.browser().get(f"/w/{own.own.build}/{name}").content != body
    assert practice.browser().get("/w/fedcba9876543210/shell/base.css").status_code == 404
