"""API keys as clients see them."""

from lamina.schemas.key import Key
from models import key as table


def present(row: table.Key, project: str, secret: str | None = None) -> Key:
    """A row as a resource; the secret only in the answer that creates it."""
    return Key.model_validate(
        {
            "id": row.id,
            "name": row.name,
            "project": project,
            "scopes": row.scopes,
            "limits": row.limits,
            "secret": secret,
            "created_at": row.created_at,
            "expires_at": row.expires_at,
            "last_used_at": row.last_used_at,
            "revoked_at": row.revoked_at,
        }
    )
