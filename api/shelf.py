"""Models on this host's disk, ready for the engine to predict with."""

import os
import shutil
import uuid
from pathlib import Path

from core.storage import Storage
from models.model import TrainedModel

NEEDED = ("stack.json", "encoding.json", "network.weights.h5")
_MOST = 32


class Shelf:
    """One folder a model; the ones unused for longest go when there are too many.

    A model's files never change, so a folder that is complete stays true. It is filled under
    another name and renamed, which makes it complete or absent for everybody else.
    """

    def __init__(self, folder: Path, storage: Storage) -> None:
        self._folder = folder
        self._storage = storage

    def fetch(self, model: TrainedModel) -> Path:
        """The folder with the files that a prediction needs. Raises FileNotFoundError."""
        place = self._folder / model.id
        if not place.is_dir():
            self._fill(model, place)
            self._prune()
        os.utime(place)
        return place

    def drop(self, model_id: str) -> None:
        """Remove the files of a model that is no more."""
        shutil.rmtree(self._folder / model_id, ignore_errors=True)

    def _fill(self, model: TrainedModel, place: Path) -> None:
        staged = self._folder / f".{model.id}-{uuid.uuid4().hex}"
        try:
            for name in NEEDED:
                self._storage.fetch(f"{model.prefix}/{name}", staged / name)
            staged.rename(place)
        except OSError:
            if not place.is_dir():  # else another request was faster
                raise
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _prune(self) -> None:
        ages = []
        for place in self._folder.glob("mdl_*"):
            try:
                ages.append((place.stat().st_mtime, place))
            except FileNotFoundError:  # another request prunes as well
                continue
        for _, place in sorted(ages)[:-_MOST]:
            shutil.rmtree(place, ignore_errors=True)
