"""The page inside a letter's sandboxed frame, where pdf.js draws a document."""

from csp.constants import NONE, SELF
from csp.decorators import csp
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from mypost.common.transactions import reads
from mypost.entrypoints.access import public

# No origin, no cookies, nothing to reach but our static files: a hostile PDF that breaks
# pdf.js finds an empty room. Blobs are for the worker, the only kind an opaque origin may
# start; wasm-unsafe-eval is for the decoders of scanned pages.
EMPTY_ROOM = {
    "sandbox": ["allow-scripts"],
    "default-src": [NONE],
    "script-src": [SELF, "'wasm-unsafe-eval'"],
    "worker-src": ["blob:"],
    "style-src": [SELF],
    "connect-src": [SELF],
    "font-src": [SELF],
    "img-src": [SELF],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
}


@public
@require_GET
@reads
@csp(EMPTY_ROOM)
def document_viewer(request: HttpRequest) -> HttpResponse:
    """Show the empty viewer. The page around it hands the document over by message."""
    return render(request, "components/document_viewer.html")
