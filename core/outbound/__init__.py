"""Fetching from addresses that clients name: what is allowed, and connections that keep to it."""
