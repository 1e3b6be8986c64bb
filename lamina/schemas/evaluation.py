"""How good a trained network is on held-out rows, in full."""

from typing import Literal

from pydantic import Field

from ._base import JsonObject, Resource

Label = str | int | bool
Value = float | None


class ClassScores(Resource):
    """One class, or one label of several, against all others."""

    label: Label
    precision: float
    recall: float
    f1: float
    support: int = Field(description="how many are of this class")
    predicted: int = Field(description="how many were taken for it")
    roc_auc: Value = None
    average_precision: Value = None


class Curve(Resource):
    """A ROC curve (false against true positive rate) or one of precision against recall."""

    label: Label
    area: float
    x: list[float]
    y: list[float]


class Confusion(Resource):
    """Counts by true class (rows) and predicted class (columns)."""

    labels: list[Label]
    counts: list[list[int]]


class Mistake(Resource):
    """A class that was taken for another, and how often."""

    true: Label
    predicted: Label
    count: int


class Bin(Resource):
    """Rows whose score lies between two bounds: the mean score, and the share that is positive."""

    lower: float
    upper: float
    predicted: float
    observed: float
    rows: int


class Threshold(Resource):
    """What comes of saying yes from this score on."""

    threshold: float
    precision: float
    recall: float
    f1: float
    accuracy: float


class Position(Resource):
    """The errors at one place of a target that holds several numbers."""

    position: int
    mae: Value
    rmse: Value
    r2: Value


class Histogram(Resource):
    """Counts between neighbouring edges."""

    edges: list[float]
    counts: list[int]


class Pairs(Resource):
    """True and predicted values of an even sample; `rows` are those of the dataset."""

    rows: list[int]
    true: list[Value]
    predicted: list[Value]


class Forecast(Pairs):
    """The last samples of the longest series, in their order."""

    series: str | None = None
    at: list[float | str] | None = Field(default=None, description="the times, if a column tells")


class OutputEvaluation(Resource):
    """One output of the network. Which fields are there depends on `kind`."""

    kind: Literal["classes", "labels", "numbers"] = Field(
        description="one class a row; several labels a row; numbers"
    )
    target: str
    rows: int
    elements: int | None = Field(
        default=None, description="what was counted: more than rows where rows are masks or arrays"
    )
    metrics: dict[str, Value] = {}
    reason: str | None = Field(default=None, description="why nothing could be told")
    averages: dict[str, dict[str, float]] | None = Field(
        default=None, description="precision, recall and F1: `macro`, and `weighted` by support"
    )
    classes: list[ClassScores] | None = None
    classes_left_out: int | None = None
    confusion: Confusion | None = Field(default=None, description="of at most 50 classes")
    confusions: list[Mistake] | None = Field(default=None, description="the most frequent")
    roc: list[Curve] | None = None
    pr: list[Curve] | None = None
    curve_elements: int | None = Field(default=None, description="how many the curves are of")
    positive: Label | None = Field(default=None, description="of two classes, the one that is yes")
    brier: Value = None
    calibration: list[Bin] | None = None
    thresholds: list[Threshold] | None = None
    positions: list[Position] | None = None
    residuals: Histogram | None = Field(default=None, description="predicted less true")
    sample: Pairs | None = None
    forecast: Forecast | None = None
    worst: list[JsonObject] = Field(
        default=[], description="the rows of the dataset with the largest loss, that first"
    )


class EvaluationReport(Resource):
    """A trained network on the test or validation part of its data, or on another dataset."""

    object: Literal["evaluation"] = "evaluation"
    job: str
    dataset: str = Field(description="whose rows are meant")
    part: Literal["test", "validation", "dataset"]
    rows: int
    left_out: int = Field(default=0, description="rows that cannot count: no target, no weight")
    unknown_labels: dict[str, int] = Field(
        default={}, description="labels that the network has no output for, and their rows"
    )
    metrics: dict[str, Value]
    baseline: JsonObject | None = None
    lift_over_baseline: float | dict[str, Value] | None = None
    outputs: dict[str, OutputEvaluation]
