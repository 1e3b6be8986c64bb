"""Refusals as exceptions."""

from lamina.client.problems import InvalidStack, NotFound, ProblemError, error_for
from lamina.codes import PROBLEMS
from lamina.schemas.problem import Problem


def _problem(slug: str, status: int = 422, **more: object) -> Problem:
    return Problem.model_validate(
        {"type": f"/problems/{slug}", "title": "T", "status": status, "detail": "D.", **more}
    )


def test_every_problem_slug_has_a_class_of_its_own() -> None:
    assert set(ProblemError.classes) == set(PROBLEMS)
    assert len(set(ProblemError.classes.values())) == len(PROBLEMS)
    assert type(error_for(_problem("not-found", 404))) is NotFound


def test_an_unknown_slug_is_a_plain_problem() -> None:
    assert type(error_for(_problem("made-tomorrow"))) is ProblemError


def test_the_text_shows_pointers_and_near_misses() -> None:
    error = error_for(
        _problem(
            "invalid-stack",
            errors=[
                {
                    "pointer": "/stack/0/unit",
                    "code": "unknown-argument",
                    "detail": "Dense has no argument 'unit'",
                    "did_you_mean": ["units"],
                },
                {"pointer": "", "parameter": "stat", "code": "unknown-field", "detail": "No."},
            ],
        )
    )
    assert isinstance(error, InvalidStack)
    assert str(error).splitlines() == [
        "T: D. [invalid-stack, HTTP 422]",
        "  /stack/0/unit: Dense has no argument 'unit' [unknown-argument]",
        "    did you mean units?",
        "  stat: No. [unknown-field]",
    ]


def test_a_fault_of_the_service_names_the_request() -> None:
    text = str(error_for(_problem("internal", 500, request_id="req_1")))
    assert text.endswith("request id: req_1")


def test_many_errors_are_cut() -> None:
    items = [{"pointer": f"/{n}", "code": "c", "detail": "d"} for n in range(25)]
    assert str(error_for(_problem("invalid-request", errors=items))).endswith("… and 5 more")
