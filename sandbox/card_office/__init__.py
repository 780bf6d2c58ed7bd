"""The card office of the outside world: a test PKI shaped like JPKI, its cards and its lists."""
