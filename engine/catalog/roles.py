"""Which arguments hold other objects of Keras, told by their names, as Keras itself names them."""

_EXACT = {
    "activation": "activations",
    "recurrent_activation": "activations",
    "layer": "layers",
    "backward_layer": "layers",
    "cell": "layers",
    "cells": "layers",
    "layers": "layers",
    "inner_optimizer": "optimizers",
}
_ENDINGS = {
    "_initializer": "initializers",
    "_regularizer": "regularizers",
    "_constraint": "constraints",
}


def role(kind: str, argument: str) -> str | None:
    """The kind of object that an argument of a class of `kind` holds, None for plain values."""
    if argument == "learning_rate" and kind == "optimizers":
        return "schedules"
    if argument == "schedule" and kind == "callbacks":
        return "schedules"
    if kind == "layers":
        for ending, meant in _ENDINGS.items():
            if argument.endswith(ending):
                return meant
    return _EXACT.get(argument) if kind in ("layers", "optimizers") else None
