// Has Lighthouse look at pages in a browser that runs: node look.mjs PORT LEAST URL... writes one line of JSON for each,
// {url, page: its HTML, scores: {category: 0 to 100}, missed: ["audit: what it found"]}.
import lighthouse, { desktopConfig } from "lighthouse";

const CATEGORIES = ["performance", "accessibility", "best-practices"];
// On a machine with more to do a page may look slow, or not be recorded at all: it is looked at again.
const LOOKS = 3;
const [port, least, ...urls] = process.argv.slice(2);

for (const url of urls) {
  const flags = {
    port: Number(port),
    disableStorageReset: true,
    onlyCategories: CATEGORIES,
    throttlingMethod: "simulate",
    logLevel: "error",
  };
  const { lhr, artifacts } = await looked(url, flags);
  const scores = Object.fromEntries(CATEGORIES.map((name) => [name, Math.round(lhr.categories[name].score * 100)]));
  const missing = CATEGORIES.flatMap((name) => missed(lhr, name));
  const page = artifacts.MainDocumentContent;
  console.log(JSON.stringify({ url: lhr.finalDisplayedUrl, page, scores, missed: missing }));
}

async function looked(url, flags, left = LOOKS) {
  const { lhr, artifacts } = await lighthouse(url, flags, desktopConfig);
  const sure = !lhr.runtimeError && 100 * lhr.categories.performance.score >= Number(least);
  if (!sure && left > 1) return looked(url, flags, left - 1);
  if (!lhr.runtimeError) return { lhr, artifacts };
  throw new Error(`${url}: ${lhr.runtimeError.message}`);
}

function missed(lhr, name) {
  return lhr.categories[name].auditRefs
    .filter(({ weight, id }) => weight && lhr.audits[id].score !== null && lhr.audits[id].score < 0.9)
    .map(({ id }) => {
      const { title, displayValue, details } = lhr.audits[id];
      const items = (details?.items ?? []).slice(0, 3).map((item) => JSON.stringify(item).slice(0, 300));
      return [`${name}: ${id}: ${title} ${displayValue ?? ""}`.trim(), ...items].join("; ");
    });
}
