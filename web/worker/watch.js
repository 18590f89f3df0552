/** Keeps one desk open for the present unlock, and hears what pages have to say. */

const URGENT = new Set(["online", "offline", "visible"]);

export function makeWatch({ world, store, manifest, openDevice, openKeys, openDesk }) {
  let opening = null;
  let desk = null;

  /** The device's record and the keys; a store that could not be opened is tried again by the next request. */
  function open() {
    opening ??= openDevice(store)
      .then((device) => ({ device, keys: openKeys(world, store, device) }))
      .catch((error) => { opening = null; throw error; });
    return opening;
  }

  /** `{desk}` or `{locked: why}`. */
  async function opened(options) {
    const { device, keys } = await open();
    const { bundle, locked } = await keys.find(options);
    if (!bundle) return { locked };
    if (desk?.unlock !== bundle.unlock) {
      desk?.opening.then((old) => old.close(), () => {});
      const mine = { unlock: bundle.unlock, opening: openDesk(world, store, device, manifest, bundle, lock) };
      desk = mine;
      mine.opening.then((open) => open.kick(), () => { if (desk === mine) desk = null; });
    }
    return { desk: await desk.opening };
  }

  async function lock() {
    const { keys } = await open();
    const old = desk;
    desk = null;
    await keys.forget();
    (await old?.opening.catch(() => null))?.close();
  }

  /** A message from a page; `page` is null for the browser's own background sync. */
  async function hear(message, page) {
    try {
      const { device, keys } = await open();
      if (message.type === "hello") return await greet(page);
      if (!keys.current() && !device.record()?.unlock) return undefined;
      const { desk: at } = await opened({ online: false });
      return await at?.kick({ urgent: URGENT.has(message.type) });
    } catch (error) {
      return world.report(error);
    }
  }

  /** A page that just opened is given the keys to keep, and told how the device stands. */
  async function greet(page) {
    // A browser that is no device asks again with every page, because that page may have enrolled it.
    const { desk: at } = await opened();
    if (!at) return;
    const { keys } = await open();
    page?.postMessage({ type: "keys", bundle: keys.current() });
    page?.postMessage(at.status());
    await at.kick();
  }

  return { device: async () => (await open()).device, opened, lock, hear };
}
