"""Refusals of the service (RFC 9457 problems) as exception classes, one per problem slug."""

from typing import ClassVar

from lamina.schemas.problem import Problem, ProblemItem

from .errors import LaminaError

_SHOWN = 20


class ProblemError(LaminaError):
    """The service refused. `problem` is what it said; `str()` shows pointers and remedies."""

    slug: ClassVar[str] = ""
    classes: ClassVar[dict[str, type["ProblemError"]]] = {}

    def __init_subclass__(cls, slug: str) -> None:
        cls.slug = slug
        ProblemError.classes[slug] = cls

    def __init__(self, problem: Problem, retry_after: float | None = None) -> None:
        super().__init__(describe(problem))
        self.problem = problem
        self.status = problem.status
        self.retry_after = retry_after


def describe(problem: Problem) -> str:
    """A problem as text: its detail, then a line or two for each thing that is wrong."""
    lines = [f"{problem.title}: {problem.detail} [{problem.slug}, HTTP {problem.status}]"]
    lines += [_item(item) for item in problem.errors[:_SHOWN]]
    if len(problem.errors) > _SHOWN:
        lines.append(f"  … and {len(problem.errors) - _SHOWN} more")
    if problem.status >= 500 and problem.request_id:
        lines.append(f"  request id: {problem.request_id}")
    return "\n".join(lines)


def _item(item: ProblemItem) -> str:
    where = item.parameter or item.pointer or "/"
    text = f"  {where}: {item.detail} [{item.code}]"
    if item.did_you_mean:
        text += f"\n    did you mean {' or '.join(item.did_you_mean)}?"
    return text


def error_for(problem: Problem, retry_after: float | None = None) -> ProblemError:
    """The exception for a problem; one of an unknown slug is a plain ProblemError."""
    return ProblemError.classes.get(problem.slug, ProblemError)(problem, retry_after)


class InvalidRequest(ProblemError, slug="invalid-request"):
    """The request is not valid (422)."""


class MalformedRequest(ProblemError, slug="malformed-request"):
    """The request cannot be read (400)."""


class InvalidFilter(ProblemError, slug="invalid-filter"):
    """The filter cannot be read (400)."""


class DataFindings(ProblemError, slug="data-findings"):
    """The data has findings that the request does not allow (422)."""


class DigestMismatch(ProblemError, slug="digest-mismatch"):
    """The content does not match its digest (400)."""


class Unauthenticated(ProblemError, slug="unauthenticated"):
    """An API key is needed (401)."""


class Forbidden(ProblemError, slug="forbidden"):
    """The API key does not allow this (403)."""


class NotFound(ProblemError, slug="not-found"):
    """There is no such thing (404)."""


class MethodNotAllowed(ProblemError, slug="method-not-allowed"):
    """The resource does not know this method (405)."""


class NotAcceptable(ProblemError, slug="not-acceptable"):
    """The resource has no such representation (406)."""


class IdempotencyKeyInUse(ProblemError, slug="idempotency-key-in-use"):
    """The first request with this Idempotency-Key still runs (409)."""


class InUse(ProblemError, slug="in-use"):
    """Something else still needs it (409)."""


class JobActive(ProblemError, slug="job-active"):
    """The job has not ended (409)."""


class NotReady(ProblemError, slug="not-ready"):
    """It is not ready yet (409)."""


class WrongState(ProblemError, slug="wrong-state"):
    """Its state does not allow this (409)."""


class OffsetMismatch(ProblemError, slug="offset-mismatch"):
    """The upload does not stand at this offset (409)."""


class Gone(ProblemError, slug="gone"):
    """It has expired (410)."""


class UnsupportedVersion(ProblemError, slug="unsupported-version"):
    """This version of the protocol is not supported (412)."""


class PreconditionFailed(ProblemError, slug="precondition-failed"):
    """It has changed since it was read (412)."""


class TooSlow(ProblemError, slug="too-slow"):
    """The body came too slowly (408)."""


class HeadTooLarge(ProblemError, slug="head-too-large"):
    """The address and headers are too large (431)."""


class TooLarge(ProblemError, slug="too-large"):
    """The request is too large (413)."""


class UnsupportedMediaType(ProblemError, slug="unsupported-media-type"):
    """The content type is not supported (415)."""


class RangeNotSatisfiable(ProblemError, slug="range-not-satisfiable"):
    """The range lies outside the content (416)."""


class InvalidStack(ProblemError, slug="invalid-stack"):
    """The layer stack is not valid (422)."""


class StackTooLarge(ProblemError, slug="stack-too-large"):
    """The layer stack is too large (422)."""


class InvalidTraining(ProblemError, slug="invalid-training"):
    """The training settings are not valid (422)."""


class InvalidFile(ProblemError, slug="invalid-file"):
    """The side file cannot be read."""


class InvalidDataset(ProblemError, slug="invalid-dataset"):
    """The dataset cannot be read (422)."""


class ExportFailed(ProblemError, slug="export-failed"):
    """The model cannot be written in this form (422)."""


class DataStackMismatch(ProblemError, slug="data-stack-mismatch"):
    """The stack does not fit the data (422)."""


class IdempotencyKeyReused(ProblemError, slug="idempotency-key-reused"):
    """The Idempotency-Key was used for another request (422)."""


class ChecksumMismatch(ProblemError, slug="checksum-mismatch"):
    """The piece does not match its checksum (460)."""


class QuotaExceeded(ProblemError, slug="quota-exceeded"):
    """The quota is used up (429)."""


class InternalError(ProblemError, slug="internal"):
    """The service made a mistake (500)."""


class StorageFull(ProblemError, slug="storage-full"):
    """There is no room left (507)."""


class RateLimited(ProblemError, slug="rate-limited"):
    """Too many requests in too short a time (429)."""


class Overloaded(ProblemError, slug="overloaded"):
    """The service has too much to do (503)."""


class QueueFull(ProblemError, slug="queue-full"):
    """The queue is full (503)."""


class Unavailable(ProblemError, slug="unavailable"):
    """A part of the service is out of reach (503)."""


class ShuttingDown(ProblemError, slug="shutting-down"):
    """The service is stopping (503)."""
