"""Iris with a weight and a part for each row, for trainings that are done again elsewhere."""

import csv
import io

from tests.service.jobs import iris_csv

FEATURES = ["sepal length", "sepal width", "petal length"]
SPECIES = ["setosa", "versicolor", "virginica"]


def rows() -> list[dict[str, str]]:
    """Iris with fewer of the last species, a weight for each row, and which part it is in."""
    found = list(csv.DictReader(io.StringIO(iris_csv().decode())))
    kept = [row for place, row in enumerate(found) if row["species"] != SPECIES[2] or place % 2]
    for place, row in enumerate(kept):
        row["weight"] = str(0.5 + place % 4)
        row["part"] = "training" if place % 3 else "validation"
    return kept
