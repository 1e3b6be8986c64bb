"""What NumPy raises for an array whose header or length is not what it should be."""

from tokenize import TokenError

DAMAGE = (ValueError, TypeError, OSError, EOFError, OverflowError, SyntaxError, TokenError)
"""It reads the header as Python source, so that nearly anything may come of a broken one."""
