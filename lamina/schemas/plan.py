"""Plans on the wire: what a request would do, found without training."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from ._base import JsonObject, Resource


class Counts(Resource):
    """Parameters that are trained and that are not; null where a shape is not known."""

    trainable: int | None
    frozen: int | None


class TotalCounts(Counts):
    """Parameters of a whole network."""

    total: int | None


class PlanLayer(Resource):
    """One layer: its shapes with the batch axis first, what it holds, what it costs per row."""

    model_config = ConfigDict(extra="allow")

    name: str
    class_name: str
    input_shape: list[Any] | None = Field(description="several inputs: a list of shapes")
    output_shape: list[Any] | None
    parameters: Counts
    activation_bytes: int | None
    workspace_bytes: int | None = Field(
        default=None, description="held in training beside the output: gates, scores"
    )
    flops: int | None = Field(description="forward, a multiply-add counts as two")
    receptive_field: list[int | None] | None = Field(
        default=None,
        description="positions of the input that one position of the output looks at, for each "
        "axis of time or space (null: the whole axis); null: the whole input, or not known",
    )
    weights: bool | None = Field(default=None, description="whether it has weights")
    activation: str | None = None
    bias: bool | None = None


class PlanMemory(Resource):
    """Bytes by what they are for; `total_bytes` is the most that training holds at a time."""

    train_bytes: int = Field(description="weights, gradients, optimizer slots, activations")
    row_bytes: int = Field(description="of train_bytes what each row of a batch adds")
    evaluate_bytes: int
    data_bytes: int = Field(description="encoded rows in main memory")
    runtime_bytes: int = Field(description="what TensorFlow holds for any training")
    total_bytes: int


class PlanSlots(Resource):
    """Slots that a job takes: so many GPUs of one host, or a share of a CPU, or either."""

    gpu: int | None = None
    cpu: int | None = None
    any: int | None = None


class Advice(Resource):
    """A typed finding: what would better be otherwise, why, and the fix as a JSON Patch."""

    model_config = ConfigDict(extra="allow", ser_json_inf_nan="null")

    rule: str
    source: Literal["stack", "data", "training"]
    severity: Literal["error", "warning", "hint"]
    pointer: str = Field(
        description="JSON Pointer into the body as it was sent; of a dataset, into the dataset"
    )
    detail: str
    why: str
    columns: list[str] = Field(default=[], description="of a dataset: the columns concerned")
    handling: str | None = Field(
        default=None, description="of a dataset: what the service does about it by itself"
    )
    evidence: JsonObject = {}
    fix: list[JsonObject] | None = None
    more: str | None = Field(default=None, description="where to read on")


class Plan(Resource):
    """Shapes, parameters, memory and the body with every default filled in."""

    model_config = ConfigDict(extra="allow", ser_json_inf_nan="null")

    object: Literal["plan"] = "plan"
    layers: list[PlanLayer]
    parameters: TotalCounts | None = Field(
        default=None, description="null when shapes are not known: a stack checked without data"
    )
    memory: PlanMemory | None = None
    steps_per_epoch: int | None = None
    architecture: str | None = None
    slots: PlanSlots | None = None
    runnable: bool | None = Field(
        default=None, description="whether a known worker can run it; null while none is known"
    )
    request: JsonObject
    advice: list[Advice] = []

    def _repr_html_(self) -> str:
        from lamina.notebook.plan import plan as draw

        return draw(self)
