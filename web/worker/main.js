/** The service worker of Daysheet: hears the browser's events and wires the parts together. */

import { manifest } from "./manifest.js";
import { makeAssets } from "./assets.js";
import { openDesk } from "./desk.js";
import { openDevice } from "./device.js";
import { openKeys } from "./keys.js";
import { makeRespond } from "./respond.js";
import { routeOf } from "./routes.js";
import { openStore } from "./store.js";
import { makeTelling } from "./telling.js";
import { templates } from "./templates.js";
import { makeWatch } from "./watch.js";
import { browserWorld } from "./world.js";

const world = browserWorld(self, manifest);
const assets = makeAssets(self.caches, manifest, world.fetch);
const store = openStore(world);

const watch = makeWatch({ world, store, manifest, openDevice, openKeys, openDesk });
const telling = makeTelling({ world, manifest, device: watch.device });
const respond = makeRespond({ house: { manifest, templates }, world, assets, ...watch });

self.addEventListener("install", (event) => event.waitUntil(assets.keep()));
self.addEventListener("activate", (event) => event.waitUntil(assets.forgetOlder().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  const route = routeOf(manifest, event.request, url);
  if (route) event.respondWith(respond(route, event));
});

self.addEventListener("message", (event) => {
  if (event.data?.type === "take-over") self.skipWaiting();
  else event.waitUntil(watch.hear(event.data, event.source, event.ports[0] ?? null));
});

self.addEventListener("push", (event) => event.waitUntil(telling.told(event.data)));
self.addEventListener("notificationclick", (event) => event.waitUntil(telling.tapped(event.notification)));

self.addEventListener("sync", (event) => {
  if (event.tag === "daysheet") event.waitUntil(watch.hear({ type: "online" }, null));
});
