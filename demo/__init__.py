"""A tour of the service on real data: `python -m demo`."""
