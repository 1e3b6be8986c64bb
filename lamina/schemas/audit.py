"""The audit log on the wire."""

from typing import Literal

from ._base import Moment, Resource


class AuditEntry(Resource):
    """One change: which key did what (`action` is an operation's id) to what, when."""

    id: str
    object: Literal["audit_entry"] = "audit_entry"
    key: str | None
    action: str
    subject: str | None
    request_id: str
    at: Moment
