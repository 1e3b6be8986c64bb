"""What a script needs to encode columns: one file for each encoding that a script can hold.

A file holds a function of the encoding's name in plain NumPy, whose source goes into scripts,
`NEEDS`, the functions that it calls, and `arguments(encoding)`, its keyword arguments as learned.
"""

from lamina.discovery import modules

PIECES = modules("engine.script.pieces")

__all__ = ["PIECES"]
