"""How things of the client look in a notebook: HTML without scripts, made of what is known.

Nothing here asks the service. All text that came from it, names of jobs and layers included, is
escaped: whoever names a job writes no HTML into somebody else's notebook.
"""
