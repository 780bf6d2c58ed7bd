"""The My Number Card's certificates (公的個人認証, JPKI): what they say, and what must hold."""
