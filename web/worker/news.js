/** What changed while this device could not be reached: counted from the rows that came down when it was back, by who did it. */

import { meets, read } from "./lists.js";

const NOTHING_ELSE = { get: () => null, rows: () => [] };

/**
 * The news after an answer: `{since, counts: {name: {who: how many}}}`, or what was known when the answer has none.
 * `changes` are `[kind, before, after]`; a row is news when it has become what a room declares, and not by `own` command.
 */
export function withNews(known, since, declared, changes, own) {
  const counts = structuredClone(known?.since === since ? known.counts : {});
  for (const { name, kind, where, by } of declared) {
    const wanted = read(where, {});
    const is = (row) => row !== null && meets(row, wanted, NOTHING_ELSE);
    for (const [of, before, after] of changes) {
      if (of !== kind || !is(after) || is(before) || own.has(after.last_command_id)) continue;
      const who = after[by] ?? "";
      counts[name] ??= {};
      counts[name][who] = (counts[name][who] ?? 0) + 1;
    }
  }
  return Object.keys(counts).length ? { since, counts } : known;
}

/** As rows for a page, with the sentence that the room declared. */
export function newsRows(news, declared) {
  return declared.flatMap(({ name, one, many }) => Object.entries(news?.counts[name] ?? {}).map(([who, count]) => {
    const id = `${name}/${who}`;
    return [id, { id, kind: "news", version: 0, count, say: count === 1 ? one : many, who, since: news.since, sort_key: id }];
  }));
}

/** How much there is of it, by which a page knows whether it shows the same. */
export const newsCount = (news) => Object.values(news?.counts ?? {}).flatMap(Object.values).reduce((sum, count) => sum + count, 0);
