// What pages gain when scripts run. Every page works without this file.

// A disclosure that hangs over the page closes on Escape and on a press elsewhere.
function closeMenus(event) {
  for (const menu of document.querySelectorAll(".account-menu[open]")) {
    if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) {
      menu.open = false;
      if (event.type === "keydown") menu.querySelector("summary").focus();
    }
  }
}

// A button with data-confirm asks first, then presses itself.
function askFirst(event) {
  const button = event.target.closest("[data-confirm]");
  const dialog = document.getElementById("confirm-dialog");
  if (!button || !dialog || button.dataset.confirmed) return;
  event.preventDefault();
  event.stopPropagation();
  dialog.querySelector("#confirm-question").textContent = button.dataset.confirm;
  dialog.querySelector("[data-confirm-yes]").classList.toggle(
    "button--danger",
    button.classList.contains("button--danger"),
  );
  dialog.returnValue = "no";
  dialog.addEventListener("close", () => pressIfYes(dialog, button), { once: true });
  dialog.showModal();
}

function pressIfYes(dialog, button) {
  button.focus();
  if (dialog.returnValue !== "yes") return;
  button.dataset.confirmed = "yes";
  button.click();
  delete button.dataset.confirmed;
}

async function copyText(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.querySelector("[aria-live]");
  const before = words.textContent;
  await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent);
  words.textContent = button.dataset.copied;
  setTimeout(() => {
    words.textContent = before;
  }, 3000);
}

function revealPassword(event) {
  const button = event.target.closest("[data-reveal]");
  if (!button) return;
  const shown = button.getAttribute("aria-pressed") !== "true";
  document.getElementById(button.dataset.reveal).type = shown ? "text" : "password";
  button.setAttribute("aria-pressed", String(shown));
}

function fileSize(bytes) {
  const steps = ["byte", "kilobyte", "megabyte", "gigabyte"];
  const step = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(1000)), 3);
  const digits = { style: "unit", unit: steps[step], maximumFractionDigits: step > 1 ? 1 : 0 };
  return new Intl.NumberFormat(document.documentElement.lang, digits).format(bytes / 1000 ** step);
}

function listFiles(event) {
  const box = event.target.closest("[data-file-upload]");
  if (!box) return;
  let list = box.querySelector(".file-upload__list");
  if (!list) {
    list = document.createElement("ul");
    list.className = "file-upload__list";
    box.append(list);
  }
  list.replaceChildren(...Array.from(event.target.files ?? [], fileLine));
}

function fileLine(file) {
  const line = document.createElement("li");
  const size = document.createElement("span");
  size.className = "file-upload__size";
  size.textContent = fileSize(file.size);
  line.append(file.name, size);
  return line;
}

// Counts characters as the server does: code points, with a line break as one.
function countCharacters(control) {
  const counter = control.counter ?? addCounter(control);
  const used = Array.from(control.value).length;
  const most = Number(control.dataset.most);
  counter.textContent = `${used} / ${most}`;
  counter.classList.toggle("field__counter--over", used > most);
}

function addCounter(control) {
  // The browser's own limit would cut a pasted text without a word.
  control.dataset.most = control.getAttribute("maxlength");
  control.removeAttribute("maxlength");
  control.counter = document.createElement("p");
  control.counter.className = "field__counter";
  control.after(control.counter);
  return control.counter;
}

function prepare(root) {
  for (const button of root.querySelectorAll("[data-reveal]")) button.hidden = false;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const control of root.querySelectorAll("textarea[maxlength]")) countCharacters(control);
}

document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.addEventListener("click", askFirst, true);
document.addEventListener("click", copyText);
document.addEventListener("click", revealPassword);
document.addEventListener("change", listFiles);
document.addEventListener("input", (event) => {
  if (event.target.dataset?.most) countCharacters(event.target);
});
document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
document.querySelector("[data-focus-first]")?.focus();
