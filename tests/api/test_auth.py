"""Keys and scopes, and the rule for a service without keys."""

import httpx2
import pytest

from api.server import main, make_server
from core.settings import Settings, get_settings
from models.key import Key
from models.project import Project
from tests.api.rows import make_dataset, make_job
from tests.api.running import Running


def _bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def _key(fresh: Running, *scopes: str, project: str = "default") -> str:
    with fresh.database.session() as session:
        owner = Project.named(session, project)
        _, secret = Key.issue(session, owner.id, "test", list(scopes))
    fresh.app.state.guard.forget()
    return secret


def test_the_first_key_closes_the_service(fresh: Running) -> None:
    assert fresh.client.get("/v1/server").json()["authentication"] == "none"
    made = fresh.client.post("/v1/keys", json={"name": "first", "scopes": ["admin"]})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    secret = made.json()["secret"]
    closed = fresh.client.get("/v1/jobs")
    assert closed.status_code == 401
    assert closed.headers["www-authenticate"] == "Bearer"
    assert fresh.client.get("/v1/jobs", headers=_bearer(secret)).status_code == 200
    assert fresh.client.get("/v1/jobs", headers=_bearer(secret + "x")).status_code == 401
    assert fresh.client.get("/v1/jobs", headers={"authorization": "Basic eA=="}).status_code == 401
    open_paths = ("/healthz", "/openapi.json", "/docs", "/problems")
    assert {fresh.client.get(path).status_code for path in open_paths} == {200}
    server = fresh.client.get("/v1/server", headers=_bearer(secret)).json()
    assert server["authentication"] == "keys"


def test_keys_are_listed_without_secrets_and_end(fresh: Running) -> None:
    admin = _bearer(_key(fresh, "admin"))
    made = fresh.client.post("/v1/keys", json={"name": "n"}, headers=admin).json()
    assert made["scopes"] == ["read", "train"]
    own = _bearer(made["secret"])
    assert fresh.client.get("/v1/jobs", headers=own).status_code == 200
    assert fresh.client.get("/v1/keys", headers=own).status_code == 403
    listed = fresh.client.get("/v1/keys", headers=admin)
    assert [entry["secret"] for entry in listed.json()["data"]] == [None, None]
    path = f"/v1/keys/{made['id']}"
    assert fresh.client.get(path, headers=admin).json()["last_used_at"] is not None
    ended = fresh.client.delete(path, headers=admin)
    assert ended.json()["revoked_at"] is not None
    assert fresh.client.get("/v1/jobs", headers=own).status_code == 401
    again = fresh.client.delete(path, headers=admin)
    assert again.json()["revoked_at"] == ended.json()["revoked_at"]


def test_a_rotated_key_works_until_the_overlap_ends(fresh: Running) -> None:
    admin = _bearer(_key(fresh, "admin"))
    wanted = {"name": "n", "scopes": ["read"], "expires_in_days": 10}
    made = fresh.client.post("/v1/keys", json=wanted, headers=admin).json()
    path = f"/v1/keys/{made['id']}"
    heir = fresh.client.post(f"{path}/rotate", headers=admin)
    assert heir.status_code == 201
    assert heir.headers["cache-control"] == "no-store"
    kept = ("name", "scopes", "project", "expires_at")
    assert [heir.json()[name] for name in kept] == [made[name] for name in kept]
    old, new = _bearer(made["secret"]), _bearer(heir.json()["secret"])
    for headers in (old, new):
        assert fresh.client.get("/v1/jobs", headers=headers).status_code == 200
    assert fresh.client.get(path, headers=admin).json()["expires_at"] < made["expires_at"]
    assert fresh.client.post(f"{path}/rotate?overlap_hours=0", headers=admin).status_code == 201
    assert fresh.client.get("/v1/jobs", headers=old).status_code == 401
    assert fresh.client.get("/v1/jobs", headers=new).status_code == 200
    assert fresh.client.post(f"{path}/rotate", headers=admin).status_code == 409


def test_scopes(fresh: Running) -> None:
    reader, trainer = _bearer(_key(fresh, "read")), _bearer(_key(fresh, "train"))
    for headers in (reader, trainer):
        assert fresh.client.get("/v1/jobs", headers=headers).status_code == 200
    assert fresh.client.post("/v1/datasets", content=b"a\n1\n", headers=reader).status_code == 403
    assert fresh.client.post("/v1/datasets", content=b"a\n1\n", headers=trainer).status_code == 202


def test_projects_are_apart(fresh: Running) -> None:
    one, two = _key(fresh, "admin", project="one"), _key(fresh, "admin", project="two")
    with fresh.database.session() as session:
        project = Project.named(session, "one").id
    job = make_job(fresh.database, project, make_dataset(fresh.database, project))
    assert fresh.client.get(f"/v1/jobs/{job}", headers=_bearer(one)).status_code == 200
    assert fresh.client.get(f"/v1/jobs/{job}", headers=_bearer(two)).status_code == 404
    assert fresh.client.get("/v1/jobs", headers=_bearer(two)).json()["data"] == []


@pytest.mark.parametrize(
    "headers",
    [{"host": "evil.example"}, {"origin": "https://evil.example"}, {"origin": "null"}],
)
def test_without_keys_no_web_page_gets_in(fresh: Running, headers: dict[str, str]) -> None:
    assert fresh.client.get("/v1/jobs", headers=headers).status_code == 403
    assert fresh.client.get("/v1/jobs", headers={"origin": fresh.url}).status_code == 200


def test_a_key_is_looked_up_once_in_a_while(
    fresh: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = _key(fresh, "read")
    monkeypatch.setattr("api.auth._REMEMBERED_SECONDS", 3600)
    looked: list[str] = []
    original = Key.authenticate.__func__  # type: ignore[attr-defined]

    def counted(cls: type[Key], session: object, given: str) -> object:
        looked.append(given)
        return original(cls, session, given)

    monkeypatch.setattr(Key, "authenticate", classmethod(counted))
    for _ in range(10):
        fresh.client.get("/v1/jobs", headers=_bearer(secret))
    assert len(looked) == 1
    monkeypatch.setattr("api.auth._REMEMBERED_SECONDS", 0)
    fresh.app.state.guard.forget()
    for _ in range(2):
        fresh.client.get("/v1/jobs", headers=_bearer(secret))
    assert len(looked) == 3


def test_an_open_address_demands_a_key(
    fresh: Running, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(
        home=fresh.services.settings.home,
        database_url=str(fresh.database.engine.url),
        host="0.0.0.0",
    )
    with pytest.raises(SystemExit) as ended:
        make_server(settings)
    assert ended.value.code == 2
    assert "python -m api key" in capsys.readouterr().err
    monkeypatch.setenv("LAMINA_DATABASE_URL", str(fresh.database.engine.url))
    get_settings.cache_clear()
    main(["key", "--name", "n", "--scopes", "read"])
    get_settings.cache_clear()
    secret = capsys.readouterr().out.strip()
    fresh.app.state.guard.forget()
    answer = httpx2.get(f"{fresh.url}/v1/jobs", headers=_bearer(secret))
    assert answer.status_code == 200
