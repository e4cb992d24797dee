"""How good generated motion is: what it shows, how it moves, and whether it is new, beside real data and plain baselines."""
