/** The shell of this build, kept on the device before it is needed; never a row of anybody. */

const PREFIX = "daysheet-shell-";

export function makeAssets(caches, manifest, fetch) {
  const name = `${PREFIX}${manifest.build}`;

  return {
    async keep() {
      const cache = await caches.open(name);
      await cache.addAll(manifest.assets);
    },
    async forgetOlder() {
      for (const other of await caches.keys()) {
        if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
      }
    },
    async answer(request) {
      // A build's address never changes its content, so what is kept needs no asking.
      return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
    },
  };
}
