"""`python -m demo`: upload, train, watch, see, predict, and stop."""

import argparse
import base64
import tempfile
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from demo.data import one_digit, write_digits, write_penguins
from demo.service import running_service
from lamina import Client
from lamina.cli.watching import curve, follow

console = Console()

_CONV = {"class_name": "Conv2D", "kernel_size": 3, "padding": "same", "activation": "relu"}

CNN = {
    "display_name": "digits cnn",
    "data": {"split": {"by": "stratified", "validation": 0.1, "test": 0.2}},
    "stack": [
        _CONV | {"filters": 32},
        _CONV | {"filters": 64},
        {"class_name": "MaxPooling2D"},
        {"class_name": "Flatten"},
        {"class_name": "Dropout", "rate": 0.3},
        {"class_name": "Dense", "units": 10, "activation": "softmax"},
    ],
    "fit": {"epochs": 20, "seed": 7},
    "callbacks": [
        {"class_name": "EarlyStopping", "patience": 5, "restore_best_weights": True},
    ],
}  # fmt: skip

MLP = {
    "display_name": "penguins mlp",
    "data": {"split": {"by": "stratified", "validation": 0.15, "test": 0.15}},
    "stack": [
        {"class_name": "Dense", "units": 32, "activation": "relu"},
        {"class_name": "Dropout", "rate": 0.2},
        {"class_name": "Dense", "units": 3, "activation": "softmax"},
    ],
    "compile": {"optimizer": {"class_name": "Adam", "learning_rate": 0.01}},
    "fit": {"epochs": 30, "seed": 7},
}

DIGITS_ACCURACY = 0.97


def main() -> int:
    """Run the tour; 0 when the digits were learnt well enough."""
    parser = argparse.ArgumentParser("demo", description="A tour of the service on real data.")
    parser.add_argument("--keep", action="store_true", help="leave the service up until Ctrl-C")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lamina-demo-") as folder:
        home = Path(folder)
        console.rule("Lamina: starting the service")
        with running_service(home) as url, Client(url) as client:
            console.print(f"API [link={url}/docs]{url}/docs[/link]")
            accuracy = tour(client, home)
            show_urls(client, url)
            if options.keep:
                wait_for_interrupt(url)
        console.rule("stopped")
    passed = accuracy >= DIGITS_ACCURACY
    verdict = "reached" if passed else "NOT reached"
    console.print(f"test accuracy on digits {accuracy:.3f}; {DIGITS_ACCURACY} {verdict}")
    return 0 if passed else 1


def tour(client: Client, home: Path) -> float:
    """Train on both datasets and predict; the test accuracy on the digits."""
    write_penguins(home / "penguins.csv")
    train(client, MLP, home / "penguins.csv", target="species")
    write_digits(home / "digits.zip")
    job = train(client, CNN, home / "digits.zip")
    predict_digit(job)
    return float(job.resource.evaluation.metrics["accuracy"])


def train(client: Client, body: dict[str, Any], path: Path, target: str | None = None) -> Any:
    """Upload a file, train on it, show progress, curve and result."""
    console.rule(f"{body['display_name']}: {path.name}")
    dataset = client.upload(path).wait()
    kinds = ", ".join(f"{column.name} ({column.kind})" for column in dataset.columns or [])
    console.print(f"{dataset.rows} rows: {kinds}")
    choices = {"target": target} if target else {}
    job = client.train(body, dataset=dataset.id, **choices)
    follow(job, as_json=False)
    if not console.is_terminal:
        curve(job)
    evaluation = job.wait().evaluation
    if evaluation is not None:
        values = ", ".join(f"{name} {value:.3f}" for name, value in evaluation.metrics.items())
        console.print(f"on {evaluation.rows} rows of the {evaluation.part} part: {values}")
    return job


def predict_digit(job: Any) -> None:
    """Send one raw PNG to the trained model."""
    image, truth = one_digit()
    record = {"image": base64.b64encode(image).decode()}
    answer = job.model().predict([record]).predictions[0]
    score = answer["scores"][answer["label"]]
    console.print(f"a raw image of a {truth} is taken for a {answer['label']} ({score:.1%})")


def show_urls(client: Client, url: str) -> None:
    """Where the results can be seen while the service runs."""
    for job in client.jobs.list():
        console.print(f"{job.resource.display_name}: {url}{job.path}")


def wait_for_interrupt(url: str) -> None:
    """Keep the service up."""
    console.print(f"the service stays at {url} until Ctrl-C")
    try:
        while True:
            time.sleep(1)
    except KeyboardInterrupt:
        console.print("stopping")


if __name__ == "__main__":
    raise SystemExit(main())
