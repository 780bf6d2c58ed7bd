// Begins allauth's passkey ceremonies from data attributes, since our policy allows no script
// in a page. A page that loads this shows its passkey buttons only where passkeys exist.

const CEREMONIES = { add: "addForm", login: "loginForm", confirm: "authenticateForm" };

function offer(button) {
  const kind = button.dataset.passkey;
  const role = kind === "confirm" ? "authenticate" : kind;
  const ids = { [role]: button.id, credential: button.dataset.credential };
  if (kind === "add") ids.passwordless = button.dataset.passwordless;
  const data = JSON.parse(button.dataset.options ?? "{}");
  window.allauth.webauthn.forms[CEREMONIES[kind]]({ ids, data });
  button.hidden = false;
}

function sayTrouble(event) {
  event.preventDefault(); // else allauth writes to the console what the person should read
  const trouble = document.querySelector("[data-passkey-trouble]");
  trouble.hidden = false;
  trouble.focus();
}

if (window.PublicKeyCredential) {
  document.addEventListener("allauth.error", sayTrouble);
  for (const button of document.querySelectorAll("[data-passkey]")) offer(button);
  for (const instead of document.querySelectorAll("[data-without-passkeys]")) instead.hidden = true;
}
