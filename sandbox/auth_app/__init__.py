"""The Digital Authentication App's provider, played on this machine: OpenID Connect, for real."""
