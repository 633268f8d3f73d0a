"""How right the tool is on labelled photos: labels, metrics, claims held against labels, the scorecard."""
