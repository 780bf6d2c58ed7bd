"""What the print shop and the carrier share: a feed of events, a web server, plain pages."""
