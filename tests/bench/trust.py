"""What trust costs: opening a locked tablet in each way, a passphrase on a slow device, signatures on both sides."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import CDPSession, Error, Page, Playwright

from backend.devices import is_signed
from backend.sync.entries import SIGNED_AS
from tests.bench import taps, wire
from tests.bench.browser import Chromium, waited
from tests.bench.holding import held
from tests.bench.office import Server
from tests.bench.report import Figure, quantile, tell
from tests.tablets import Signer, Tablet

TIMES = 11
STRETCHES = 3
SIGNED = 200
PIN = "482916"
PASSPHRASE = "slow rivers carry warm stones"
KEY = {
    "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal", "hasResidentKey": True,
    "hasUserVerification": True, "isUserVerified": True, "hasPrf": True, "automaticPresenceSimulation": True,
}  # fmt: skip

# The clock starts with the browser's own time stamp of the last key or tap; the lock screen loads itself anew.
MARK = """() => {
  for (const type of ["keydown", "click"]) {
    addEventListener(type, ({ timeStamp, isTrusted }) => {
      if (isTrusted) sessionStorage.setItem("began", performance.timeOrigin + timeStamp);
    }, { capture: true });
  }
}"""
PAINTED = """() => {
  const paint = performance.getEntriesByName("first-contentful-paint")[0];
  if (!paint || !document.querySelector("[data-row]")) return null;
  const took = performance.timeOrigin + paint.startTime - Number(sessionStorage.getItem("began"));
  return took > 0 ? took : null;
}"""
MAKE_PASSKEY = """async () => {
  const random = (size) => crypto.getRandomValues(new Uint8Array(size));
  await navigator.credentials.create({ publicKey: {
    challenge: random(32), rp: { name: "Daysheet" }, user: { id: random(16), name: "ana", displayName: "Ana" },
    pubKeyCredParams: [-7, -257].map((alg) => ({ type: "public-key", alg })), extensions: { prf: {} },
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  } });
}"""
ENTER_BY_PIN = """async ([assets, pin]) => {
  const { ask } = await import(`${assets}/scripts/tell.js`);
  const person = document.querySelector("[name=person]:checked").value;
  const began = performance.now();
  const answer = await ask({ type: "enter", given: { person, method: "pin", pin } });
  return answer.ok ? performance.now() - began : null;
}"""
STRETCH = """async ([assets, passphrase]) => {
  const { stretched, freshSalt } = await import(`${assets}/scripts/stretch.js`);
  const began = performance.now();
  await stretched(passphrase, freshSalt());
  return performance.now() - began;
}"""
SIGN_AND_SEAL = """async ([assets, times]) => {
  const { importSecret, keyId, makePair, sealTo, sign } = await import(`${assets}/worker/signing.js`);
  const { toBase64url } = await import(`${assets}/worker/bytes.js`);
  const world = { subtle: crypto.subtle, random: (size) => crypto.getRandomValues(new Uint8Array(size)) };
  const key = await importSecret(world, (await makePair(world)).secret);
  const pair = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
  const spki = toBase64url(await crypto.subtle.exportKey("spki", pair.publicKey));
  const office = { id: toBase64url(world.random(8)), spki };
  const took = [];
  for (let time = 0; time < times; time += 1) {
    const said = JSON.stringify({ command: "checkin.record_arrival", fields: { visit_id: crypto.randomUUID() }, time });
    const began = performance.now();
    const sig = await sign(world, key, `daysheet command\\n${said}`);
    await sealTo(world, office, "command", JSON.stringify({ said, sig }));
    took.push(performance.now() - began);
  }
  return took;
}"""


def figures(playwright: Playwright | None, server: Server, folder: Path, line: wire.Line) -> list[Figure]:
    """Everything of it; without a browser, what the office does."""
    made = verifying(line.tablet("Bench 6"))
    if playwright is None:
        return made
    chromium = Chromium(playwright, folder / "profile-trust", "about:blank")
    try:
        taps.first_copy(chromium, server, line.tablet("Bench 5"))
        return made + in_chromium(chromium, server)
    finally:
        chromium.close()


def verifying(tablet: Tablet) -> list[Figure]:
    """The signatures of a push of 201, as the office verifies them, one after the other."""
    signer: Signer = tablet.signer
    entries = [tablet.command("checkin.record_arrival", {"visit_id": "0" * 36}) for _ in range(201)]
    signed = [signer.entry(entry) for entry in entries]
    took = []
    for _ in range(5):
        began = time.perf_counter()
        held_up = [is_signed([signer.spki], SIGNED_AS + one["said"].encode(), one["sig"]) for one in signed]
        took.append((time.perf_counter() - began) * 1000)
        if not all(held_up):
            raise RuntimeError("A good signature did not hold.")
    return [Figure("verifying 201 signatures at the office", quantile(took, 0.5), "ms", 60)]


def in_chromium(chromium: Chromium, server: Server) -> list[Figure]:
    page = chromium.page
    devtools = chromium.context.new_cdp_session(page)
    set_ways(page, server, devtools)
    assets = found_assets(page, server)
    tell("Opening by PIN, share and passkey")
    taken = [Figure("unlock by PIN, from the last digit to the board painted, p50", by_pin(page, server), "ms", 300)]
    own = repeated(lambda: worker_by_pin(page, server, assets))
    taken.append(Figure("  of it until the worker says that it is open, p50", own, "ms"))
    passkey = repeated(lambda: by_passkey(page, server))
    taken.append(Figure("unlock by passkey, from the tap to the board painted, p50", passkey, "ms", 1000))
    share = repeated(lambda: by_share(chromium, server))
    taken.append(Figure("unlock by share, from opening the board to its paint, p50", share, "ms", 1000))
    page = chromium.page
    took = page.evaluate(SIGN_AND_SEAL, [assets, SIGNED])
    taken.append(Figure("signing and sealing one command, p50", quantile(took, 0.5), "ms", 5))
    taken.append(Figure("signing and sealing one command, p95", quantile(took, 0.95), "ms", 5))
    taken.append(Figure("Argon2id, 64 MiB, three passes", stretched(page, assets), "ms"))
    with held(chromium.pids, 0.25) as way:
        tell(f"Argon2id with the whole browser held to a quarter core ({way})")
        name = f"Argon2id, 64 MiB, whole browser held to a quarter core by {way}"
        taken.append(Figure(name, stretched(page, assets), "ms", 1500))
    return taken


def repeated(take: Callable[[], float]) -> float:
    return quantile([take() for _ in range(TIMES)], 0.5)


def stretched(page: Page, assets: str) -> float:
    return quantile([page.evaluate(STRETCH, [assets, PASSPHRASE]) for _ in range(STRETCHES)], 0.5)


def set_ways(page: Page, server: Server, devtools: CDPSession) -> None:
    """A PIN and a passkey of whoever is here."""
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(f"{server.base}/device")
    page.get_by_text("Set a PIN", exact=True).click()
    page.get_by_label("New PIN", exact=True).fill(PIN)
    page.get_by_label("New PIN again", exact=True).fill(PIN)
    page.get_by_role("button", name="Keep this PIN").click()
    page.get_by_text("Change the PIN", exact=True).wait_for()
    page.evaluate(MAKE_PASSKEY)
    page.get_by_role("button", name="Use my passkey here").click()
    waited(lambda: page.locator("#ways").get_by_text("Set", exact=True).count() == 2)


def found_assets(page: Page, server: Server) -> str:
    """Where this build's files lie."""
    found = re.search(r"/w/[0-9a-f]{16}", page.content())
    assert found is not None
    return found[0]


def lock(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/checkin")
    page.locator("[data-row]").first.wait_for()
    page.get_by_role("button", name="Lock", exact=True).click()
    page.get_by_role("heading", name="This device is locked").wait_for()
    page.evaluate(MARK)


def painted_since(page: Page) -> float:
    # Asking the page itself again and again would slow it down.
    page.locator("[data-row]").first.wait_for()

    def shown() -> float | None:
        try:
            return page.evaluate(PAINTED)  # type: ignore[no-any-return]
        except Error:
            # The lock screen was just leaving; the board is asked.
            return None

    return float(waited(shown))


def by_pin(page: Page, server: Server) -> float:
    def once() -> float:
        lock(page, server)
        page.locator("[data-ways-of]:not([hidden]) [name=pin]").press_sequentially(PIN)
        return painted_since(page)

    return repeated(once)


def worker_by_pin(page: Page, server: Server, assets: str) -> float:
    lock(page, server)
    took = page.evaluate(ENTER_BY_PIN, [assets, PIN])
    if took is None:
        raise RuntimeError("The PIN did not open the device.")
    return float(took)


def by_passkey(page: Page, server: Server) -> float:
    lock(page, server)
    page.get_by_role("button", name="Open with a passkey").click()
    return painted_since(page)


def by_share(chromium: Chromium, server: Server) -> float:
    """As in the morning: no page has the keys, and no worker runs; the office releases its share."""
    page = chromium.context.new_page()
    chromium.page.close()
    chromium.page = page
    devtools = chromium.context.new_cdp_session(page)
    devtools.send("ServiceWorker.enable")
    devtools.send("ServiceWorker.stopAllWorkers")
    devtools.detach()
    began = time.time() * 1000
    page.goto(f"{server.base}/checkin", wait_until="commit")
    page.locator("[data-row]").first.wait_for()
    return float(waited(lambda: taps.shown_ms(page))) - began
