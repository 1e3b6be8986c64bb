"""Scripts: stand-alone Python that trains what a job has trained, without the service.

Functions whose source goes into scripts are ordinary ones, of the engine or of `readers`,
`running` and `pieces`, so that what a script does is what is tested and what the service does.
"""

from .subject import Subject
from .writing import write

__all__ = ["Subject", "write"]
