"""Of a script: the compiled network, and the fit."""

from typing import Any

from engine.catalog.operations import PREFIX
from engine.script import network, running
from engine.script.subject import HELD_OUT, Subject
from engine.script.template import MAIN

_KINDS = {
    "optimizer": "optimizers",
    "loss": "losses",
    "metrics": "metrics",
    "weighted_metrics": "metrics",
}


def build(subject: Subject) -> str:
    """The functions that make the network and compile it."""
    if any(layer.get("class_name", "").startswith(PREFIX) for layer in subject.stack["layers"]):
        subject.need([running.named])
    lines = "".join(f"    {line}\n" for line in network.build_lines(subject.stack))
    return (
        "def build():\n"
        '    """The network, compiled; the same seed gives it the same first weights."""\n'
        "    keras.utils.set_random_seed(SEED)\n"
        "    network = make_network()\n"
        f"    network.compile(\n{_compiled(subject.request['compile'])}    )\n"
        "    return network\n\n\n"
        "def make_network():\n"
        f'    """The layers of the stack."""\n{lines}\n'
    )


def _compiled(settings: dict[str, Any]) -> str:
    given = {
        name: network.expression(kind, settings[name])
        for name, kind in _KINDS.items()
        if settings.get(name)
    }
    if settings.get("loss_weights"):
        given["loss_weights"] = repr(settings["loss_weights"])
    given["jit_compile"] = repr(settings.get("jit_compile") is True)
    return "".join(f"        {name}={value},\n" for name, value in given.items())


def _callback(value: dict[str, Any]) -> str:
    """A callback; those of our own as Keras's of the same name."""
    if value["class_name"] == "LearningRateScheduler":
        schedule = value["schedule"]
        if isinstance(schedule, dict) and "class_name" in schedule:
            made = network.expression("schedules", schedule)
            return f"keras.callbacks.LearningRateScheduler(lambda epoch: float({made}(epoch)))"
        steps = dict(enumerate(schedule)) if isinstance(schedule, list) else schedule
        rates = {int(epoch): float(rate) for epoch, rate in steps.items()}
        last = f"{rates!r}[max(begin for begin in {sorted(rates)!r} if begin <= epoch)]"
        first = min(rates)
        chosen = last if first == 0 else f"{last} if epoch >= {first} else rate"
        return f"keras.callbacks.LearningRateScheduler(lambda epoch, rate: {chosen})"
    if value["class_name"] == "ModelCheckpoint":
        told = {"monitor": value["monitor"], "mode": value["mode"], "save_best_only": True}
        given = ", ".join(f"{name}={one!r}" for name, one in told.items())
        path = "'best.weights.h5'"
        return f"keras.callbacks.ModelCheckpoint({path}, {given}, save_weights_only=True)"
    return network.expression("callbacks", value)


def main(subject: Subject) -> str:
    """The function that trains, evaluates and saves."""
    asked = subject.request.get("callbacks") or []
    callbacks = [_callback(one) for one in asked]
    subject.need([running.batches, running.picked])
    own = [part for part in HELD_OUT if subject.data.get(part)]
    options = "".join(f'    parser.add_argument("--{part}", required=True)\n' for part in own)
    rows = "samples(columns)[2]" if subject.window else f"complete(columns, {subject.needed!r})"
    others = "".join(
        f"    columns = read(given.{part})\n"
        f"    rows = {rows}\n"
        f"    tensors[{part!r}] = encode(columns, rows, training=False)\n"
        for part in own
    )
    exact = "    import tensorflow as tf\n\n    tf.config.experimental.enable_op_determinism()\n"
    return MAIN.format(
        options=options,
        others=others + _strings(subject),
        exact=exact if subject.fit.get("deterministic") else "",
        fed=_fed(subject),
        callbacks="".join(f"            {one},\n" for one in callbacks),
    )


def _strings(subject: Subject) -> str:
    """The lines that bring the texts of what is held out into the form that Keras takes."""
    if not subject.has_texts:
        return ""
    subject.need([running.strings])
    return (
        "    for part in set(tensors) - {'training'}:\n"
        "        tensors[part] = strings(tensors[part])\n"
    )


def _fed(subject: Subject) -> str:
    shuffle = bool(subject.fit.get("shuffle", True))
    fed = f'batches(tensors["training"], rows, BATCH, SEED, shuffle={shuffle})'
    return f"(strings(batch) for batch in {fed})" if subject.has_texts else fed
