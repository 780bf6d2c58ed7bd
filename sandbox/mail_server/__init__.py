"""The outside world's mail on one machine: takes mail over SMTP, shows it on a page."""
