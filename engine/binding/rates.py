"""Learning rates that a request leaves to a range test, and what cannot go with that."""

from engine.stack import Findings, Spec
from engine.stack.pointer import join
from engine.stack.rates import AUTO, left_to_test


def check_rate(optimizer: Spec | None, findings: Findings) -> None:
    """Note an optimizer that sizes its steps itself, so that there is no rate to be found."""
    asked = left_to_test(optimizer)
    if asked is None or asked.entry.name != "Adafactor":
        return
    if asked.arguments.get("relative_step", True) is not False:
        detail = (
            "Adafactor sizes its steps itself ('relative_step'), so that learning_rate is only the"
            " most that it may take; \"auto\" goes with 'relative_step' false."
        )
        fix = [{"op": "add", "path": join(asked.base, "relative_step"), "value": False}]
        findings.add(join(asked.base, "learning_rate"), "bad-value", detail, fix=fix)


def check_scheduler(scheduler: Spec, optimizer: Spec, findings: Findings) -> None:
    """Note a LearningRateScheduler beside a rate that it cannot set, or that it would undo."""
    rate, schedule = optimizer.arguments.get("learning_rate"), scheduler.arguments["schedule"]
    leaves_beginning = isinstance(schedule, dict) and all(int(epoch) for epoch in schedule)
    if isinstance(rate, Spec):
        reason = "is a schedule already, which LearningRateScheduler cannot set"
    elif left_to_test(optimizer) is not None and not leaves_beginning:
        reason = f'is "{AUTO}", and LearningRateScheduler sets another from the first epoch on'
    else:
        return
    detail = f"The optimizer's learning_rate {reason}; leave one of them out."
    fix = [{"op": "remove", "path": scheduler.pointer}]
    findings.add(scheduler.pointer, "bad-value", detail, fix=fix)
