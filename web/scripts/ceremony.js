/** What passkeys need on both sides of a ceremony: bytes as text, and a question to the office. */

export { fromBase64url as toBytes, toBase64url as toText } from "../worker/bytes.js";

/** The office's answer; throws an error whose message is the office's own sentence when it says no. */
export async function ask(path, body = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Daysheet": "passkey" },
    body: JSON.stringify(body),
  });
  const said = await response.json();
  if (!response.ok) throw new Error(said.say);
  return said;
}

/** Reveals what only a browser with passkeys can do, and runs the ceremony when its button is pressed. */
export function offer(place, ceremony) {
  if (!window.PublicKeyCredential) return;
  const [button, notice] = [place.querySelector("button"), place.querySelector(".notice")];
  place.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    notice.hidden = true;
    try {
      await ceremony(place);
    } catch (error) {
      // Who closed the browser's own question knows why nothing happened.
      notice.textContent = error.message ?? "";
      notice.hidden = error.name === "NotAllowedError" || error.name === "AbortError";
    }
    button.disabled = false;
  });
}
