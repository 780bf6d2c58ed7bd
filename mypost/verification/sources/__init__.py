"""Who tells whether a certificate still counts: lists, an OCSP responder, or a platform."""
