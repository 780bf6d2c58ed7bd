// Draws one PDF inside the sandboxed frame of a letter. The bytes come by message from the page around it.
// Pages are drawn when they come near and let go when they are far, so that a long document fits a phone.

const { library, worker, files } = document.body.dataset;
const room = document.querySelector(".viewer__pages");
const MARGIN = 24;
const WIDEST = 832; // a page wider than this makes the eye travel
const MOST_PIXELS = 2 ** 24; // what the smallest phones give one canvas

let pdfjs;
let pdf;
let zoom = 1;
let sheets = [];
const near = new IntersectionObserver(drawNearby, { root: room, rootMargin: "100% 0px" });

function reveal(id) {
  for (const notice of document.querySelectorAll(".viewer__notice")) notice.hidden = notice.id !== id;
  for (const part of document.querySelectorAll(".viewer__bar, .viewer__pages")) part.hidden = id !== "pages";
}

// An opaque origin may start workers from its own blobs only, and Chromium 156 only classic ones.
// The worker hears nothing before its module has loaded, so wait for its first word.
function startWorker() {
  const source = `import(${JSON.stringify(new URL(worker, document.baseURI).href)});`;
  const blob = new Blob([source], { type: "text/javascript" });
  const started = new Worker(URL.createObjectURL(blob));
  return new Promise((resolve, reject) => {
    started.addEventListener("message", () => resolve(started), { once: true });
    started.addEventListener("error", reject, { once: true });
  });
}

async function open(bytes) {
  const base = new URL(files, document.baseURI).href;
  pdf = await pdfjs.getDocument({
    data: bytes,
    cMapUrl: `${base}cmaps/`,
    standardFontDataUrl: `${base}standard_fonts/`,
    wasmUrl: `${base}wasm/`,
    iccUrl: `${base}iccs/`,
    isEvalSupported: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  }).promise;
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
  sheets = Array.from({ length: pdf.numPages }, (_, index) => makeSheet(index + 1, first));
  document.getElementById("page-total").textContent = pdf.numPages;
  reveal("pages");
  room.replaceChildren(...sheets.map((sheet) => sheet.element));
  layOut();
}

function makeSheet(number, { width, height }) {
  const element = document.createElement("section");
  element.className = "sheet";
  element.setAttribute("aria-label", `${room.dataset.pageLabel} ${number}`);
  const sheet = { number, element, width, height };
  element.sheet = sheet;
  return sheet;
}

function layOut() {
  const before = room.scrollTop / room.scrollHeight;
  near.disconnect();
  for (const sheet of sheets) {
    clear(sheet);
    fit(sheet);
    near.observe(sheet.element);
  }
  room.scrollTop = before * room.scrollHeight;
}

function fit(sheet) {
  sheet.scale = (zoom * Math.min(room.clientWidth - MARGIN, WIDEST)) / sheet.width;
  sheet.element.style.width = `${sheet.width * sheet.scale}px`;
  sheet.element.style.height = `${sheet.height * sheet.scale}px`;
}

function drawNearby(entries) {
  for (const { isIntersecting, target } of entries) {
    if (isIntersecting) draw(target.sheet).catch(ignoreCancelled);
    else clear(target.sheet);
  }
}

function ignoreCancelled(error) {
  if (error.name !== "RenderingCancelledException" && error.name !== "AbortException") throw error;
}

function clear(sheet) {
  sheet.drawing?.cancel();
  sheet.text?.cancel();
  sheet.turn = sheet.drawing = sheet.text = null;
  sheet.element.replaceChildren();
}

async function draw(sheet) {
  const turn = (sheet.turn = {});
  const page = await pdf.getPage(sheet.number);
  if (sheet.turn !== turn) return; // gone or zoomed meanwhile
  ({ width: sheet.width, height: sheet.height } = page.getViewport({ scale: 1 }));
  fit(sheet);
  const viewport = page.getViewport({ scale: sheet.scale });
  drawPicture(sheet, page, viewport);
  drawText(sheet, page, viewport);
  await Promise.all([sheet.drawing.promise, sheet.text.render()]);
}

function drawPicture(sheet, page, viewport) {
  const canvas = document.createElement("canvas");
  const fine = Math.min(window.devicePixelRatio, Math.sqrt(MOST_PIXELS / (viewport.width * viewport.height)));
  canvas.width = Math.floor(viewport.width * fine);
  canvas.height = Math.floor(viewport.height * fine);
  sheet.element.append(canvas);
  sheet.drawing = page.render({ canvas, viewport, transform: [fine, 0, 0, fine, 0, 0] });
}

function drawText(sheet, page, viewport) {
  const container = document.createElement("div");
  container.className = "sheet__text";
  container.style.setProperty("--total-scale-factor", viewport.scale);
  sheet.element.append(container);
  sheet.text = new pdfjs.TextLayer({ textContentSource: page.streamTextContent(), container, viewport });
}

function zoomBy(factor) {
  zoom = Math.min(Math.max(zoom * factor, 0.5), 5);
  layOut();
}

function tellPage() {
  const middle = room.scrollTop + room.clientHeight / 2;
  const here = sheets.findLast(({ element }) => element.offsetTop - room.offsetTop <= middle) ?? sheets[0];
  document.getElementById("page-number").textContent = here.number;
}

async function receive({ source, origin, data }) {
  // Our own origin is opaque, but our address still tells whose page may speak to us.
  if (source !== window.parent || origin !== new URL(location.href).origin) return;
  if (data.kind !== "document") return reveal("failed");
  await open(data.bytes).catch((error) => {
    console.info(error.name); // the reader sees the sentence; who helps sees the name
    reveal("failed");
  });
}

let settled;
new ResizeObserver(() => {
  clearTimeout(settled);
  settled = setTimeout(layOut, 200);
}).observe(document.body);

room.addEventListener("scroll", tellPage, { passive: true });
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (button) zoomBy(Number(button.dataset.zoom));
});
room.addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
  if (ctrlKey || metaKey) return;
  if (key === "+" || key === ";") zoomBy(1.25);
  if (key === "-") zoomBy(0.8);
});
window.addEventListener("message", receive);

try {
  pdfjs = await import(library);
  pdfjs.GlobalWorkerOptions.workerPort = await startWorker();
  window.parent.postMessage({ kind: "ready" }, "*");
} catch {
  reveal("failed");
}
