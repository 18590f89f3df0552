/** How the bench talks to a client: a question per line of JSON, answered by the client's method of that name. */

import { createInterface } from "node:readline";

export async function answering(client) {
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { ask, ...given } = JSON.parse(line);
    let said;
    try {
      const began = performance.now();
      const answer = (await client[ask](given)) ?? {};
      said = { seconds: (performance.now() - began) / 1000, ...answer };
    } catch (error) {
      said = { error: String(error?.stack ?? error) };
    }
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
  process.exit(0);
}
