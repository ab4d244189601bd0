"""Measure against named peers, as ratios within one run: `make bench`."""
