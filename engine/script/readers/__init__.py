"""How scripts read the user's own file: one file for each form of data that a script can read.

A file bears the name of the format and holds a function `read_` and that name, whose source goes
into scripts, `NEEDS`, the functions that it calls, `CALL`, how a script calls it, and `PACKAGES`,
what it needs beside NumPy. `columns` tells of each column its place and its kind.
"""

from lamina.discovery import modules

READERS = modules("engine.script.readers")

__all__ = ["READERS"]
