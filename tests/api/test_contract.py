"""The OpenAPI document: valid, complete, and true."""

import re
from typing import Any

import httpx2
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from api.contract import operations
from lamina.codes import PROBLEMS
from lamina.schemas._base import Request
from tests.api.running import Running


@pytest.fixture(scope="module")
def document(service: Running) -> dict[str, Any]:
    """The document as served."""
    found: dict[str, Any] = service.client.get("/openapi.json").json()
    return found


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_is_described(document: dict[str, Any]) -> None:
    seen = set()
    tags = {tag["name"] for tag in document["tags"]}
    for path, operation in operations(document):
        assert re.fullmatch("[a-z]+(_[a-z]+)*", operation["operationId"]), path
        seen.add(operation["operationId"])
        assert set(operation["tags"]) <= tags
        assert len(operation["tags"]) == 1
        assert operation["summary"]
        assert operation["description"]
    assert len(seen) == len(list(operations(document)))


def test_every_error_is_a_problem(document: dict[str, Any]) -> None:
    for path, operation in operations(document):
        for status, response in operation["responses"].items():
            if int(status) < 400 or path == "/readyz":
                continue
            schema = response["content"]["application/problem+json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Problem"}
        if path.startswith("/v1/"):
            assert {"400", "401", "403", "500", "503"} <= set(operation["responses"])
        if "{" in path:
            assert "404" in operation["responses"], path
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_every_json_body_has_two_examples(document: dict[str, Any]) -> None:
    bodies = 0
    for _, operation in operations(document):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is not None:
            bodies += 1
            assert len(content["examples"]) >= 2, operation["operationId"]
            name = content["schema"]["$ref"].rpartition("/")[2]
            assert document["components"]["schemas"][name]["additionalProperties"] is False
    assert bodies == 15


def test_it_has_an_etag(client: httpx2.Client) -> None:
    tag = client.get("/openapi.json").headers["etag"]
    assert client.get("/openapi.json", headers={"if-none-match": tag}).status_code == 304


def test_the_reference_shows_every_operation(client: httpx2.Client, document: Any) -> None:
    page = client.get("/docs")
    for _, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page.text
    assert "<script" not in page.text
    assert not re.search(r'(?:src|href)="https?:', page.text)
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_problem_statuses_are_those_of_the_codes(document: dict[str, Any]) -> None:
    statuses = {str(status) for status, _ in PROBLEMS.values()}
    for _, operation in operations(document):
        for status in operation["responses"]:
            assert int(status) < 400 or status in statuses


def test_requests_are_strict_and_finite() -> None:
    def below(model: type[BaseModel]) -> list[type[BaseModel]]:
        found = model.__subclasses__()
        return found + [inner for kind in found for inner in below(kind)]

    models = below(Request)
    assert len(models) >= 9
    for model in models:
        assert model.model_config["extra"] == "forbid", model
        assert model.model_config["allow_inf_nan"] is False, model
