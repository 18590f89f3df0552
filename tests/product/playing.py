"""One Node process that plays the real worker modules against the real server, question after question."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import IO, Any, cast

from tests.worker.node import PACKAGES, lay_out, node

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Player:
    """Plays histories and journeys in `folder`, where `history.sqlite3` is the office's database of the last one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        lay_out(folder / "build")
        for script in HERE.glob("*.mjs"):
            shutil.copy(script, folder)
        (folder / "package.json").write_text('{"type": "module"}')
        (folder / "node_modules").symlink_to(PACKAGES)
        command = [node(), "playing.mjs", sys.executable, str(ROOT)]
        pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
        self.process = subprocess.Popen(command, cwd=folder, **pipes)
        self.said, self.asked = cast(IO[str], self.process.stdout), cast(IO[str], self.process.stdin)
        assert self.said.readline() == "ready\n", "the office did not open"

    def ask(self, what: str, **given: Any) -> Any:
        """`play` a seed (with a `bug`), a `journey` by its name, or the names of the `bugs` or `faults`."""
        self.asked.write(json.dumps([what, given]) + "\n")
        self.asked.flush()
        said = json.loads(self.said.readline())
        assert "error" not in said, said["error"]
        return said.get("answer")

    def __enter__(self) -> "Player":
        return self

    def __exit__(self, *ignored: object) -> None:
        self.asked.close()
        self.process.wait(timeout=120)
        self.said.close()


def report(told: list[dict[str, Any]], seconds: float) -> str:
    """Figures, faults by kind, and every promise that broke with the seed that shows it."""
    outcomes: Counter[str] = sum((Counter(one["outcomes"]) for one in told), Counter())
    faults: Counter[str] = sum((Counter(one["faults"]) for one in told), Counter())
    lines = [
        f"{len(told)} histories, {sum(one['commands'] for one in told)} commands, {seconds:.0f} s",
        "outcomes    " + ", ".join(f"{name} {count}" for name, count in outcomes.most_common()),
        "faults      " + ", ".join(f"{name} {count}" for name, count in faults.most_common()),
        f"violations  {sum(len(one['violations']) for one in told)}",
    ]
    for one in told:
        if one["violations"]:
            lines += [f"  seed {one['seed']}", *(f"    {said}" for said in dict.fromkeys(one["violations"]))]
    return "\n".join(lines)
