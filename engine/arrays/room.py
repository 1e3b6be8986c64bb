"""How much data is held in memory, and how much is in memory of data that is not."""

HELD_BYTES = 256 << 20
"""Encoded rows beyond this many bytes stay on disk and are read batch by batch."""

CHUNK_BYTES = 32 << 20
"""How much is encoded, or gathered for batches, at a time."""
