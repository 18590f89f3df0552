// The office's host, as a process of its own: orders go down its stdin, answers come up its stdout.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { outside } from "./ticking.mjs";

export async function openHost(python, folder, root) {
  const child = spawn(python, ["-m", "tests.product.office", folder], { cwd: root, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("the office's host is gone");
    return JSON.parse(value);
  };
  const known = await next();
  const order = async (what, given) => {
    child.stdin.write(`${JSON.stringify([what, given])}\n`);
    return next();
  };
  return { ...known, ask: (what, given = {}) => outside(() => order(what, given)), close: () => child.stdin.end() };
}
