/** Who answers a request, decided by method and path alone, because a worker must say at once whether it answers. */

import { pageAt, postAt } from "./answers.js";

/** One of `{asset}`, `{home}`, `{pass}`, `{page, params, part}`, `{find}`, `{post, params}`, `{office}`; null leaves the request to the network. */
export function routeOf(manifest, { method, mode }, url) {
  const path = url.pathname;
  if (method === "GET" && path.startsWith("/w/")) return { asset: true };
  if (method === "GET" && path === "/") return { home: true };
  if (manifest.passes.includes(path)) return { pass: true };
  if (method === "GET") {
    const found = pageAt(manifest, path);
    if (found) return { ...found, part: url.searchParams.get("_part") };
  }
  if (method === "POST") {
    const name = path.startsWith("/find/") ? path.slice("/find/".length) : null;
    const found = name !== null && manifest.pages.find((page) => page.name === name && page.find);
    if (found) return { page: found, params: {}, find: true };
    const post = postAt(manifest, path);
    if (post) return post;
  }
  return mode === "navigate" ? { office: true } : null;
}
