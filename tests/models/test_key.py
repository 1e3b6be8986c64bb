"""API keys on both databases."""

from sqlalchemy import select, update

from models.base import now
from models.database import Database
from models.key import Key
from models.project import Project


def issue(database: Database, days: int | None = None) -> tuple[str, str]:
    with database.session() as session:
        key, secret = Key.issue(session, Project.default(session).id, "k", ["read"], days)
        return key.id, secret


def authenticate(database: Database, secret: str) -> Key | None:
    with database.reading() as session:
        return Key.authenticate(session, secret)


def test_a_secret_finds_its_key_and_is_not_stored(database: Database) -> None:
    key_id, secret = issue(database)
    found = authenticate(database, secret)
    assert found is not None
    assert (found.id, found.scopes) == (key_id, ["read"])
    with database.reading() as session:
        row = session.scalars(select(Key)).one()
        assert secret.split("_", 2)[2] not in repr(vars(row))


def test_wrong_secrets_find_nothing(database: Database) -> None:
    _, secret = issue(database)
    for wrong in (secret[:-1], secret + "x", "lmn_", "", secret.replace("lmn", "abc"), "lmn_a_b"):
        assert authenticate(database, wrong) is None


def test_a_revoked_key_is_dead(database: Database) -> None:
    key_id, secret = issue(database)
    with database.session() as session:
        session.get_one(Key, key_id).revoke(session)
    assert authenticate(database, secret) is None


def test_an_expired_key_is_dead(database: Database) -> None:
    key_id, secret = issue(database, days=1)
    assert authenticate(database, secret) is not None
    with database.session() as session:
        session.execute(update(Key).where(Key.id == key_id).values(expires_at=now(-1)))
    assert authenticate(database, secret) is None
