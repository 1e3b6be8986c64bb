"""Faults for real, many and at random: nothing is lost, nothing is done twice."""
