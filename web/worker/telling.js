/** The office told this device that something waits: said in a notification, how much and never what, and counted on the icon. */

const PAGE = "/today";
const ONE_OF_US = "Daysheet";

export function makeTelling({ world, manifest, device }) {
  /** `said` is what the push service brought, opened by the browser; a browser wants each one shown. */
  async function told(said) {
    const waiting = numberIn(said);
    const language = (await device().catch(() => null))?.record()?.language ?? "en";
    const say = (text) => manifest.words[language]?.[text] ?? text;
    const body = waiting === 1 ? `1 ${say("thing waits for you.")}` : waiting ? `${waiting} ${say("things wait for you.")}` : say("Something waits for you.");
    // What cannot be read says nothing of how much there is.
    if (waiting) world.badge(waiting);
    await world.notify(ONE_OF_US, {
      body, lang: language, tag: "today", renotify: true, data: { page: PAGE },
      icon: `/w/${manifest.build}/shell/icon-192.png`, badge: `/w/${manifest.build}/shell/icon-192.png`,
    });
  }

  /** Somebody tapped it: the page that is open already, or a new one. */
  async function tapped(notification) {
    notification.close();
    const path = notification.data?.page ?? PAGE;
    const open = (await world.pages()).find(({ url }) => new URL(url).pathname === path);
    await (open ? open.focus() : world.openPage(path));
  }

  return { told, tapped };
}

function numberIn(said) {
  try {
    const { waiting } = said.json();
    return Number.isSafeInteger(waiting) && waiting > 0 ? waiting : 0;
  } catch {
    return 0;
  }
}
