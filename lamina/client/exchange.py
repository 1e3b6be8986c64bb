"""A request and its answer: sent again when that can help, refusals raised as exceptions."""

from typing import Any, TypeVar

import httpx2
from pydantic import BaseModel, ValidationError

from lamina.schemas.problem import Problem

from .call import Call
from .errors import BadAnswer, Unreachable
from .problems import error_for
from .retry import Retry, is_temporary, read_retry_after
from .step import Opened, Steps, open_answer, send, sleep

M = TypeVar("M", bound=BaseModel)


def exchange(driver: Any, call: Call) -> Steps[httpx2.Response]:
    """The answer below 400. Raises ProblemError, Unreachable, BadAnswer.

    Nearly every call of this client may be repeated: reading ones by nature, creating ones
    because they carry an Idempotency-Key.
    """
    retry = Retry(retries=driver.retries if call.again else 0)
    done = 0
    while True:
        done += 1
        after = None
        try:
            response = yield from once(driver, call)
        except Unreachable as error:
            refusal: Exception = error
        else:
            if response.status_code < 400:
                return response
            problem = read_problem(response)
            after = read_retry_after(response.headers.get("Retry-After"))
            refusal = error_for(problem, after)
            if not is_temporary(response.status_code, problem.slug):
                raise refusal
        seconds = retry.delay(done, after)
        if seconds is None:
            raise refusal
        yield from sleep(seconds)


def once(driver: Any, call: Call) -> Steps[httpx2.Response]:
    """The answer, whatever it is, to a call sent once. Raises Unreachable."""
    try:
        return (yield from send(call))
    except httpx2.RequestError as error:
        raise unreachable(driver.url, error) from error


def open_once(call: Call, read: Any) -> Steps[Opened]:
    """An open answer below 400. Raises ProblemError and httpx2.TransportError."""
    opened = yield from open_answer(call, read)
    response = opened.response
    if response.status_code >= 400:
        after = read_retry_after(response.headers.get("Retry-After"))
        raise error_for(read_problem(response), after)
    return opened


def fetch(driver: Any, call: Call, shape: type[M]) -> Steps[M]:
    """The answer as a resource. Raises as `exchange` does."""
    response = yield from exchange(driver, call)
    return read(response, shape)


def read(response: httpx2.Response, shape: type[M]) -> M:
    """The content as a resource. Raises BadAnswer."""
    try:
        return shape.model_validate_json(response.content)
    except ValidationError as error:
        url = str(response.request.url)
        raise BadAnswer(f"{url} did not answer with a {shape.__name__}: {error}") from error


def unreachable(url: str, error: httpx2.RequestError) -> Unreachable:
    """The exception for a failed connection, with what to do about it."""
    reason = str(error) or type(error).__name__
    hint = (
        "; is it running? `lamina up` starts one" if isinstance(error, httpx2.ConnectError) else ""
    )
    return Unreachable(url, reason + hint)


def read_problem(response: httpx2.Response) -> Problem:
    """The problem of a refusal; one is made up where a proxy answered in its own way."""
    try:
        return Problem.model_validate_json(response.content)
    except ValidationError:
        return Problem(
            type="about:blank",
            title=response.reason_phrase or "Refused",
            status=response.status_code,
            detail=response.text[:300].strip() or "no explanation was given",
        )
