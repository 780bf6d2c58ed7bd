// Shows a letter's documents on its page. The viewer runs in a sandboxed frame without origin or cookies;
// it cannot fetch the document, so this page does and hands the bytes over.

const nearby = new IntersectionObserver(showNearby, { rootMargin: "50%" });

function showNearby(entries) {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    nearby.unobserve(target);
    showDocument(target);
  }
}

function showDocument(place) {
  const frame = place.querySelector("template").content.firstElementChild.cloneNode();
  window.addEventListener("message", async function deliver({ source, data }) {
    // The frame's origin is "null" and proves nothing; its window does.
    if (source !== frame.contentWindow || data?.kind !== "ready") return;
    window.removeEventListener("message", deliver);
    const bytes = await fetchDocument(place.dataset.document);
    if (bytes) source.postMessage({ kind: "document", bytes }, "*", [bytes]);
    else source.postMessage({ kind: "unavailable" }, "*");
  });
  place.querySelector("[data-document-note]").remove();
  place.append(frame);
}

async function fetchDocument(address) {
  const answer = await fetch(address, { credentials: "same-origin" }).catch(() => null);
  return answer?.ok ? answer.arrayBuffer() : null;
}

for (const place of document.querySelectorAll("[data-document]")) nearby.observe(place);
