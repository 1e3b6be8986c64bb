"""Checks of requests: what was found in one, and the plan that becomes of it."""

from engine.checking.check import Check
from engine.checking.planned import planned

__all__ = ["Check", "planned"]
