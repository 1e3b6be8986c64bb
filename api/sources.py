"""The side files and trained models that layers of a stack start from."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from api.refusal import item, shown
from lamina.schemas.problem import ProblemItem
from models.file import File
from models.job import Job
from models.model import TrainedModel

_MOST = 100
"""Of more the others count as unknown: a stack has no use for so many."""


@dataclass(frozen=True)
class Sources:
    """What was found, by id, as the engine's check takes it: descriptions, canonical stacks."""

    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    models: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def ids(self) -> list[str]:
        """Files, then models."""
        return [*self.files, *self.models]

    @classmethod
    def find(cls, session: Session, project_id: str, stack: Any) -> "Sources":
        """Those of the project that the `weights` of any layer name; what is wrong is left out."""
        files: dict[str, dict[str, Any]] = {}
        models: dict[str, dict[str, Any]] = {}
        for one in list(dict.fromkeys(named(stack)))[:_MOST]:
            if (file := File.find(session, project_id, one)) is not None:
                files[file.id] = {"form": file.form, "description": file.description}
            elif (model := TrainedModel.find(session, project_id, one)) is not None:
                models[model.id] = model.stack
        return cls(files, models)

    def beside(self, model: TrainedModel) -> "Sources":
        """These and one more model."""
        return Sources(self.files, {**self.models, model.id: model.stack})


def start_of(
    session: Session, project_id: str, wanted: Any
) -> tuple[TrainedModel | None, ProblemItem | None]:
    """The model that `init_from` means, or what is wrong with it."""
    if wanted.get("model") is not None:
        model = TrainedModel.find(session, project_id, wanted["model"])
        detail = f"There is no model {shown(wanted['model'])}."
        return model, None if model else item("/init_from/model", "unknown-model", detail)
    job = Job.find(session, project_id, wanted["job"])
    if job is None:
        detail = f"There is no job {shown(wanted['job'])}."
        return None, item("/init_from/job", "unknown-job", detail)
    identifier = TrainedModel.ids_of_jobs(session, [job.id]).get(job.id)
    if identifier is None:
        why = "its model was deleted" if job.state == "succeeded" else f"it is {job.state}"
        detail = f"The job {job.id} has no model to start from: {why}."
        return None, item("/init_from/job", "no-model", detail)
    return TrainedModel.find(session, project_id, identifier), None


def named(value: Any) -> Iterator[str]:
    """Ids below any `weights` of a document of any depth."""
    pending = [value]
    while pending:
        one = pending.pop()
        if isinstance(one, list):
            pending += one
        elif isinstance(one, dict):
            pending += one.values()
            weights = one.get("weights")
            if isinstance(weights, dict):
                both = (weights.get("file"), weights.get("model"))
                yield from (name for name in both if isinstance(name, str))
