"""Whatever was learned, and how: the manifest of weights, and the programs that trained ours."""
