// Between the tablets and the office: a real request to a real server, and everything that may happen to it on its way.

import { Agent, request as send } from "node:http";
import { gunzipSync } from "node:zlib";
import { outside } from "./ticking.mjs";

const TRIES_TO_DELIVER_MS = 4_000_000;
// Many times what any history needs: beyond it, tablet and office keep each other busy for ever.
const MOST_REQUESTS = 400;
const PORTAL = "<html><title>Welcome</title><form>Room number?</form></html>";

export class Wire {
  #agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(time, chance, host, ledger) {
    Object.assign(this, { time, chance, host, ledger, requests: 0, most: MOST_REQUESTS });
  }

  /** What a browser of this profile is answered: `{status, text}`; throws where fetch would. */
  async carry(tablet, path, { method = "POST", headers = {}, body = "", within = 30_000 }) {
    const { time, chance } = this;
    if (!tablet.online || this.requests > this.most) {
      await time.sleep(20);
      throw new TypeError("no network");
    }
    const parcel = { tablet, path, method, headers, body, jar: tablet.profile.jar };
    const sync = path === "/sync";
    const lost = async () => { await time.sleep(within); throw new TypeError("timed out"); };
    if (chance.strikes("request_lost")) return lost();
    if (chance.strikes("portal")) return { status: 200, text: chance.draw() < 0.5 ? PORTAL : '{"ok": true}' };
    if (sync && chance.strikes("said_413")) return { status: 413, text: '{"error": "too_large"}' };
    if (chance.strikes("said_429")) return { status: 429, text: '{"error": "wait"}' };
    if (chance.strikes("said_500")) return { status: 500, text: '{"error": "fault"}' };
    if (chance.strikes("said_502")) return { status: 502, text: "<html>Bad gateway</html>" };
    if (chance.strikes("duplicate")) time.after(chance.between(1, TRIES_TO_DELIVER_MS), () => this.deliver(parcel).catch(() => {}));
    if (chance.strikes("late_request")) {
      time.after(chance.between(within, TRIES_TO_DELIVER_MS), () => this.deliver(parcel).catch(() => {}));
      return lost();
    }
    await time.sleep(chance.between(5, 1500));
    const answer = await this.deliver(parcel);
    if (chance.strikes("answer_lost") || chance.strikes("late_answer")) return lost();
    await time.sleep(chance.between(5, 1500));
    return this.distorted(tablet, sync, answer);
  }

  /** An answer cut off on its way, or an older one that some box in between kept. */
  distorted(tablet, sync, answer) {
    const { chance } = this;
    if (!sync || answer.status !== 200) return answer;
    const older = tablet.answers;
    tablet.answers = [...older, answer].slice(-5);
    if (older.length && chance.strikes("stale_answer")) return chance.pick(older);
    return chance.strikes("cut_short") ? { status: 200, text: answer.text.slice(0, Math.floor(answer.text.length * chance.draw())) } : answer;
  }

  /** At the office's door; the server may be killed over it, and is back for the next one. */
  async deliver(parcel) {
    const ends = this.chance.strikes("server_killed") ? `${this.chance.pick(["before", "after"])}:${1 + Math.floor(this.chance.draw() * 3)}` : "";
    const said = { "X-Simulated-Now": new Date(this.time.now).toISOString(), ...(ends ? { "X-Simulated-End": ends } : {}) };
    this.requests += 1;
    if (this.requests === this.most) this.ledger.violated("I6", "tablets and office do not come to rest");
    try {
      const answer = await outside(() => this.#send(parcel, said));
      for (const [name, value] of answer.cookies) if (value) parcel.jar.set(name, value); else parcel.jar.delete(name);
      this.chance.count(`${parcel.path.slice(1)} ${answer.status}`);
      // What the office notes after its answer may have been its last write.
      if (ends) await this.#restart();
      return answer;
    } catch (error) {
      if (!ends) throw error;
      await this.#restart();
      throw new TypeError("the office went away", { cause: error });
    }
  }

  async #restart() {
    await this.host.ask("restart");
    this.renew();
  }

  #send({ path, method, headers, body, jar }, said) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const options = { host: "127.0.0.1", port: this.host.port, path, method, agent: this.#agent, headers: { "Sec-Fetch-Site": "same-origin", Cookie: cookie, "Content-Length": Buffer.byteLength(body), ...headers, ...said } };
    return new Promise((resolve, reject) => {
      const request = send(options, (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("error", reject);
        response.on("end", () => {
          const sent = Buffer.concat(parts);
          const raw = response.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
          resolve({ status: response.statusCode, text: raw.toString(), raw, headers: response.headers, cookies: (response.headers["set-cookie"] ?? []).map(cookieOf) });
        });
      });
      request.on("error", reject);
      request.end(body);
    });
  }

  /** After the server went: no connection to the one before is left. */
  renew() {
    this.close();
    this.#agent = new Agent({ keepAlive: true, maxSockets: 1 });
  }

  close() {
    this.#agent.destroy();
  }
}

/** `[name, value]`; an empty value where the cookie is taken back. */
function cookieOf(line) {
  const [pair, ...rest] = line.split(";");
  const at = pair.indexOf("=");
  const over = rest.some((part) => part.trim().toLowerCase() === "max-age=0");
  return [pair.slice(0, at), over ? "" : pair.slice(at + 1).replace(/^"|"$/g, "")];
}
