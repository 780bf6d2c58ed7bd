"""Plant bugs in the product, one at a time, and see whether a test notices.

    python -m tools.mutants                            150 bugs over all rooms, doors and pages
    python -m tools.mutants --seed 7 --count 40        others, fewer
    python -m tools.mutants mypost/letters templates   in these folders alone
    python -m tools.mutants --list                     only say which

Run by hand: it takes an hour. Which bugs are planted follows from the seed and the code alone.
docs/testing.md says what survived, and why that is right.
"""
