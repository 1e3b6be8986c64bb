"""The courier: sends what lies in the outbox, in a thread beside the upkeep of every process."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import orjson
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from standardwebhooks import Webhook as Signer

from core import traces
from core.outbound.allowance import Forbidden
from core.outbound.connection import Failed
from core.outbound.post import post
from core.settings import Settings
from models.database import Database
from models.delivery import Delivery
from models.notice import Notice
from models.trace import place_of
from models.webhook import Webhook

log = structlog.get_logger(__name__)

_AT_A_TIME: Final = 8
_OF_ONE_WEBHOOK: Final = 2
_GRACE_SECONDS: Final = 15.0
_LONGEST_WAIT: Final = 86_400.0
_JITTER: Final = 0.2
_GONE: Final = 410


@dataclass(frozen=True)
class Letter:
    """A claimed delivery, with all that sending takes."""

    delivery: Delivery
    notice: Notice
    webhook: Webhook
    cause: traces.Place | None

    @property
    def body(self) -> bytes:
        """The content, the same for every try."""
        at = self.notice.created_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        content = {"type": self.notice.type, "timestamp": at, "data": self.notice.data}
        return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)

    def headers(self, moment: datetime) -> dict[str, str]:
        """The headers of Standard Webhooks, signed with every secret that is valid now."""
        secrets = [self.webhook.secret]
        until = self.webhook.previous_until
        if self.webhook.previous_secret and until is not None and until > moment:
            secrets.append(self.webhook.previous_secret)
        text = self.body.decode()
        signed = [Signer(secret).sign(self.notice.id, moment, text) for secret in secrets]
        return {
            "Content-Type": "application/json",
            "webhook-id": self.notice.id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": " ".join(signed),
        }


@dataclass(frozen=True)
class Reply:
    """How a try ended: the status that came back, or why none did."""

    status: int | None
    detail: str | None
    milliseconds: int
    retry_after: float = 0.0

    @property
    def arrived(self) -> bool:
        """Whether the receiver has it now."""
        return self.status is not None and 200 <= self.status < 300


class Courier:
    """Sends until closed. Any number of them may work at a time.

    At least once: what is claimed by a process that dies is due again after its lease, and is sent
    with the same `webhook-id`. Sending holds no transaction.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database, self._settings = database, settings
        self._closed = False
        self._stirred = threading.Event()
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._senders = ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="courier")
        self._sending: dict[Future[None], str] = {}

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """End; what is being sent is sent to its end, or sent again by another."""
        self._closed = True
        self._stirred.set()
        self._thread.join(timeout=10)
        self._senders.shutdown(wait=True, cancel_futures=True)

    def _run(self) -> None:
        while not self._closed:
            self._stirred.clear()
            pause = self._settings.relay_seconds
            try:
                if self._round():
                    pause = min(pause, 0.05)
            except SQLAlchemyError as error:
                log.warning("the database does not answer", error=str(error.__cause__ or error))
            except Exception:
                log.exception("a round of deliveries broke")
            # A place that becomes free is filled at once.
            self._stirred.wait(0 if self._closed else pause)

    def _round(self) -> bool:
        """Hand out what is due; False when nothing was, or nobody was free."""
        self._sending = {one: hook for one, hook in self._sending.items() if not one.done()}
        free = _AT_A_TIME - len(self._sending)
        if not free:
            return False
        # One that answers slowly keeps these senders and no more, however many rounds it takes.
        taken = Counter(self._sending.values())
        busy = [hook for hook, count in taken.items() if count >= _OF_ONE_WEBHOOK]
        if not self._is_due(busy):
            return False
        letters = self._claim(free, busy)
        for letter in letters:
            future = self._senders.submit(self._deliver, letter)
            self._sending[future] = letter.webhook.id
            future.add_done_callback(lambda _: self._stirred.set())
        return bool(letters)

    def _is_due(self, busy: list[str]) -> bool:
        """Look without writing: most rounds find nothing, and SQLite has one writer."""
        with self._database.reading() as session:
            return Delivery.is_due(session, busy)

    def _claim(self, most: int, busy: list[str]) -> list[Letter]:
        lease = self._settings.webhook_seconds + _GRACE_SECONDS
        with self._database.session() as session:
            claimed = Delivery.claim(session, most, _OF_ONE_WEBHOOK, lease, busy)
            found = [
                (one, session.get(Notice, one.notice_id), session.get(Webhook, one.webhook_id))
                for one in claimed
            ]
            # Where either is gone, somebody has just deleted the delivery with it.
            return [
                Letter(one, notice, hook, place_of(session, notice.subject))
                for one, notice, hook in found
                if notice and hook
            ]

    def _deliver(self, letter: Letter) -> None:
        try:
            reply = self._send(letter)
            with self._database.session() as session:
                record(session, letter, reply, self._settings.webhook_retry_seconds)
        except SQLAlchemyError as error:  # sent, not recorded: it is sent again after the lease
            log.warning("the database does not answer", error=str(error.__cause__ or error))
        except Exception:
            log.exception("a delivery broke", delivery=letter.delivery.id)

    def _send(self, letter: Letter) -> Reply:
        settings, began, moment = self._settings, time.monotonic(), datetime.now(UTC)
        status, detail, wait = None, None, 0.0
        place = letter.cause.below() if letter.cause else None
        headers = letter.headers(moment) | ({"traceparent": place.traceparent} if place else {})
        try:
            posted = post(
                settings.webhook_allowance,
                letter.webhook.url,
                letter.body,
                headers,
                settings.webhook_seconds,
                settings.webhook_ca,
            )
            status, wait = posted.status, _seconds_of(posted.retry_after)
        except (Forbidden, Failed) as error:
            detail = str(error)
        milliseconds = round((time.monotonic() - began) * 1000)
        _tell(letter, place, moment.timestamp(), status, detail)
        return Reply(status, detail, milliseconds, wait)


def _tell(
    letter: Letter, place: traces.Place | None, began: float, status: int | None, detail: str | None
) -> None:
    """Send the span of a try, below the job that it tells of."""
    traces.record(
        f"webhook {letter.notice.type}",
        place,
        letter.cause,
        began,
        "client",
        None if status is not None and status < 400 else str(status or detail),
        attributes={
            "http.response.status_code": status,
            "lamina.webhook.id": letter.webhook.id,
            "lamina.delivery.id": letter.delivery.id,
        },
    )


def record(session: Session, letter: Letter, reply: Reply, waits: Sequence[float]) -> None:
    """Keep how a try ended, and decide what follows: arrived, another try, or given up."""
    delivery, webhook = letter.delivery, letter.webhook
    entry = _entry(reply)
    if reply.arrived:
        if delivery.settle(session, entry, "delivered"):
            Webhook.note_success(session, webhook.id)
        return
    if reply.status == _GONE:
        if delivery.settle(session, entry, "failed"):
            Webhook.disable(session, webhook.id, "Its address answered 410: it is gone.")
        return
    if delivery.tries < len(waits):
        wait = waits[delivery.tries] * random.uniform(1 - _JITTER, 1 + _JITTER)  # noqa: S311
        delivery.settle(session, entry, "pending", max(wait, reply.retry_after))
        return
    if delivery.settle(session, entry, "failed"):
        Webhook.disable_unless_alive(session, webhook.id, delivery.created_at)


def _entry(reply: Reply) -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "status": reply.status,
        "detail": reply.detail,
        "milliseconds": reply.milliseconds,
    }


def _seconds_of(retry_after: str | None) -> float:
    """`Retry-After` in seconds, a day at most; dates and nonsense count as none."""
    if retry_after is None or not (retry_after.isascii() and retry_after.isdigit()):
        return 0.0
    return float(min(int(retry_after[:6]), _LONGEST_WAIT))
