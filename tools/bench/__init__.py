"""`make bench`: each figure of the house beside its target and the bare limit of the same work.

What the figures are and how to read them: docs/bench.md.
"""
