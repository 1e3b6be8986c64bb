"""Measurements as ratios against something real in the same run: `python -m benchmarks`."""
