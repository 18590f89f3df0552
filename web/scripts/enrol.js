/** Takes the code of a scanned picture from behind the #, clears it from the address bar, and asks what it is for. */

const field = document.getElementById("code");
const code = location.hash.slice(1);

if (code) {
  // Neither the history nor a bookmark may keep it.
  history.replaceState(null, "", location.pathname);
  field.value = code;
  // A code that was just complained about is not sent again by itself.
  if (!document.getElementById("code-complaint")) field.form.requestSubmit();
}
