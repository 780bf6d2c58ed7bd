"""The outside world's carrier: takes mail pieces, and tells what became of each."""
