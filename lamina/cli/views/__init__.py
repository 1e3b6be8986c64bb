"""The forms in which a running job is shown."""
