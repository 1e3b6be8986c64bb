"""What jobs that use a trained model take and may be refused for: predictions and evaluations."""

from api.contract import accepts, refusals
from lamina.schemas.model import PredictionRequest

BODY = accepts(
    PredictionRequest,
    smallest={"dataset": "ds_01kaz8v7m2f5q0r9x3n6t4w1yc"},
    named={"dataset": "readings@latest", "display_name": "this week", "priority": 10},
)
REFUSALS = refusals(
    *("not-found", "too-large", "unsupported-media-type", "not-ready", "invalid-request"),
    *("data-stack-mismatch", "idempotency-key-reused", "queue-full", "quota-exceeded"),
)
