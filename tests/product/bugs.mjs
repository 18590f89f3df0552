// Bugs planted in the worker's modules, each a small change of one place in memory, to see that the histories catch it.

/** In `file`, `right` becomes `wrong`. `seed` is of a history that catches it. */
export const BUGS = {
  "the outbox is cleared on HTTP 200": {
    file: "sync.js", right: "if (status !== 200) return repair", seed: 1,
    wrong: 'if (status === 200) { await store.write(["outbox"], (tx) => tx.objectStore("outbox").clear()); await outbox.reload(); }\n    if (status !== 200) return repair',
  },
  "the cursor is stored before its rows": {
    file: "binder.js", right: "    const gone = dropped.filter", seed: 3,
    wrong: '    for (const { next, record, fresh } of changes) if (!fresh) await store.writeRelaxed(["sheets"], (tx) => tx.objectStore("sheets").put(record, next.token));\n    const gone = dropped.filter',
  },
  "a late answer is applied": { file: "sync.js", right: "if (body.request_id !== request.request_id)", wrong: "if (false)", seed: 6 },
  "a resync touches the outbox": {
    file: "sync.js", right: "await outbox.offerAllAgain(body.epoch, world.newId());", seed: 2,
    wrong: 'await store.write(["outbox"], (tx) => tx.objectStore("outbox").clear()); await device.write({ epoch: body.epoch, acked_n: 0 });',
  },
  "decided commands are not offered to a restored office": {
    file: "sync.js", right: "await outbox.offerAllAgain(body.epoch, world.newId());", seed: 6,
    wrong: "await device.write({ epoch: body.epoch, acked_n: 0 });",
  },
  "what was written is not read back": {
    file: "outbox.js", right: 'const kept = await store.read(["outbox"], (tx) => tx.objectStore("outbox").get(id));', wrong: "const kept = record;", seed: 1,
  },
  "a clone keeps its replica": { file: "sync.js", right: "const replica = world.newId();", wrong: "const replica = device.record().replica_id;", seed: 2 },
  "a clone begins its numbers at two": { file: "numbers.js", right: "replica, n: at + 1 }", wrong: "replica, n: at + 2 }", seed: 2 },
  "receipts are ignored": { file: "sync.js", right: "      await outcomes.write(tx);\n", wrong: "", seed: 1 },
  "a retry gets a new command id": { file: "desk.js", right: "after: predecessors(command) }", wrong: "after: predecessors(command), command_id: world.newId() }", seed: 1 },
  "what waits is not painted": { file: "desk.js", right: "filter(({ again }) => !again)", wrong: "filter(() => false)", seed: 1 },
};
