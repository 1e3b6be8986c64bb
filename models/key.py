"""API keys: shown once, stored as a digest."""

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, String, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from lamina import ids
from lamina.schemas.key import KeyLimits
from models.base import Base, Json, Moment, now

_MARK = "lmn"


class Key(Base):
    """A key of a project, with scopes and an end.

    The secret is `lmn_<id>_<43 random characters>`: 256 random bits, so a plain SHA-256 of it is
    enough and the id finds the row without a search.

    Keys that replaced one another have one `account`, the id of the first of them: what they use is
    counted there, and all of them have the same `limits`.
    """

    __tablename__ = "keys"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    project_id: Mapped[str] = mapped_column(ForeignKey("projects.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    digest: Mapped[str] = mapped_column(String(64))
    scopes: Mapped[list[str]] = mapped_column(Json)
    account: Mapped[str] = mapped_column(String(40), index=True)
    limits: Mapped[dict[str, int]] = mapped_column(Json, default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(Moment, server_default=now())
    expires_at: Mapped[datetime | None] = mapped_column(Moment)
    last_used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)

    @classmethod
    def issue(
        cls,
        session: Session,
        project_id: str,
        name: str,
        scopes: list[str],
        expires_in_days: int | None = None,
        limits: dict[str, int] | None = None,
        account: str | None = None,
    ) -> tuple["Key", str]:
        """A new key and its secret, which is nowhere stored; of an account of its own if of none.

        `limits` are those of `lamina.schemas.key.KeyLimits` that are not null.
        """
        identifier = ids.new("key")
        secret = f"{_MARK}_{identifier.removeprefix('key_')}_{secrets.token_urlsafe(32)}"
        key = cls(
            id=identifier,
            project_id=project_id,
            name=name,
            digest=_digest(secret),
            scopes=sorted(set(scopes)),
            account=account or identifier,
            limits=limits or {},
            expires_at=None if expires_in_days is None else now(expires_in_days * 86_400.0),
        )
        session.add(key)
        session.flush()
        session.refresh(key)
        return key, secret

    def rotate(self, session: Session, overlap_hours: float) -> "tuple[Key, str] | None":
        """A key like this one and its secret; this one ends after the overlap, if not before.

        None when this one has ended already.
        """
        changed = session.execute(
            update(Key)
            .where(
                Key.id == self.id,
                Key.revoked_at.is_(None),
                Key.expires_at.is_(None) | (Key.expires_at > now()),
            )
            .values(name=Key.name)
        )
        if not changed.rowcount:  # type: ignore[attr-defined]
            return None
        self._hold_account(session)
        session.refresh(self)
        heir, secret = Key.issue(
            session,
            self.project_id,
            self.name,
            self.scopes,
            limits=self.limits,
            account=self.account,
        )
        heir.expires_at = self.expires_at
        session.flush()
        end = now(overlap_hours * 3600.0)
        session.execute(
            update(Key)
            .where(Key.id == self.id, Key.expires_at.is_(None) | (Key.expires_at > end))
            .values(expires_at=end)
            .execution_options(synchronize_session=False)
        )
        session.refresh(self)
        session.refresh(heir)
        return heir, secret

    @property
    def may(self) -> KeyLimits:
        """What the key may use; None is the service's default."""
        return KeyLimits.model_validate(self.limits)

    def limit(self, session: Session, changes: dict[str, int | None]) -> None:
        """Change some limits of this key and all of its account; None takes one away."""
        self._hold_account(session)
        of_account = select(Key).where(Key.account == self.account)
        for key in session.scalars(of_account.execution_options(populate_existing=True)):
            whole = {**key.limits, **changes}
            key.limits = {name: most for name, most in whole.items() if most is not None}
        session.flush()

    def _hold_account(self, session: Session) -> None:
        """Let nobody else change limits, or hand them on, until the transaction ends."""
        session.execute(select(Key.id).where(Key.id == self.account).with_for_update())

    @classmethod
    def running_limit(cls, session: Session, account: str) -> int | None:
        """How many jobs of an account may run at a time; None: any number."""
        limits = session.scalar(select(cls.limits).where(cls.id == account))
        return (limits or {}).get("running_jobs")

    @classmethod
    def authenticate(cls, session: Session, secret: str) -> "Key | None":
        """The live key that this secret belongs to, or None."""
        mark, _, rest = secret.partition("_")
        identifier, _, tail = rest.partition("_")
        if mark != _MARK or not tail:
            return None
        key = session.scalar(
            select(cls).where(
                cls.id == f"key_{identifier}",
                cls.revoked_at.is_(None),
                (cls.expires_at.is_(None)) | (cls.expires_at > now()),
            )
        )
        if key is None or not hmac.compare_digest(key.digest, _digest(secret)):
            return None
        return key

    @classmethod
    def touch(cls, session: Session, key_id: str) -> None:
        """Note that the key was used just now; at most one write a minute."""
        session.execute(
            update(cls)
            .where(cls.id == key_id, (cls.last_used_at.is_(None)) | (cls.last_used_at < now(-60.0)))
            .values(last_used_at=now())
        )

    @classmethod
    def exists(cls, session: Session) -> bool:
        """Whether any key was ever issued; from then on every request needs one."""
        return bool(session.scalar(select(exists().select_from(cls))))

    @classmethod
    def find(cls, session: Session, project_id: str, key_id: str) -> "Key | None":
        """The project's key of this id."""
        return session.scalar(select(cls).where(cls.id == key_id, cls.project_id == project_id))

    @classmethod
    def page(
        cls, session: Session, project_id: str, size: int, after: str | None = None
    ) -> list["Key"]:
        """Up to `size` keys of the project older than `after`, newest first."""
        query = select(cls).where(cls.project_id == project_id).order_by(cls.id.desc()).limit(size)
        return list(session.scalars(query.where(cls.id < after) if after else query))

    def revoke(self, session: Session) -> None:
        """End the key now; ending it twice keeps the first time."""
        session.execute(
            update(Key).where(Key.id == self.id, Key.revoked_at.is_(None)).values(revoked_at=now())
        )
        session.refresh(self)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
