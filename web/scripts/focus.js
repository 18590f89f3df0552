/** Where a swap takes the control away that had the focus, the focus goes to the nearest heading around it. */

const around = new WeakMap();

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const chain = [];
  for (let one = document.activeElement; one && one !== document.body; one = one.parentElement) chain.push(one);
  around.set(ctx, chain);
});
document.addEventListener("htmx:finally:swap", ({ detail: { ctx } }) => {
  const chain = around.get(ctx) ?? [];
  const focused = document.activeElement;
  // What a closed <details> hides keeps the focus until the browser paints next.
  const isLost = focused === null || focused === document.body || !focused.checkVisibility();
  if (chain.length && isLost) stand(chain.filter((one) => one.isConnected));
});

function stand(chain) {
  const headings = chain.map((one) => one.querySelector("h1, h2, h3")).filter((one) => one?.checkVisibility());
  const place = headings[0] ?? document.getElementById("main");
  place.tabIndex = -1;
  place.focus();
}
