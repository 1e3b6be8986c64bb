"""Gradients that do not reach the first steps of a sequence."""

from collections.abc import Iterator

from ._base import Finding, Record, Rule

_FAINT, _GONE = 1e-4, 1e-12
"""Of a plain recurrent layer, and of one whose gates may close because they have learned to."""


class VanishingGradients(Rule):
    """The gradient shrinks at every step back through a recurrent layer. Where nothing of it
    arrives at the first steps, what happened there cannot be learned. LSTM and GRU keep a
    memory along which it survives; a shorter window has less far to go.
    """

    during = True

    def check(self, record: Record) -> Iterator[Finding]:
        """Recurrent layers whose reach was faint in the last epoch that was measured."""
        last = record.gradients[max(record.gradients)] if record.gradients else {}
        for key, reach in last.items():
            name, _, kind = key.rpartition("/")
            if kind != "reach":
                continue
            pointer, line = record.line(name)
            plain = line["class_name"] == "SimpleRNN"
            if reach >= (_FAINT if plain else _GONE):
                continue
            fix = [{"op": "replace", "path": f"{pointer}/class_name", "value": "LSTM"}]
            yield Finding(
                pointer,
                f"Of the gradient at the most telling step of {name!r}, {reach:.1e} arrives at the"
                " first steps.",
                {"reach": reach},
                fix if plain else None,
                "LSTM",
            )

    @classmethod
    def examples(cls) -> tuple[Record, Record]:
        """A plain recurrent layer that forgets, and one that does not."""
        line = {"class_name": "SimpleRNN", "name": "rnn", "units": 4}
        request = {"stack": {"layers": [{"class_name": "Input", "name": "input"}, line]}}
        faint, strong = {"rnn": 1.0, "rnn/reach": 1e-7}, {"rnn": 1.0, "rnn/reach": 0.2}
        return Record(request, {0: strong, 3: faint}), Record(request, {0: faint, 3: strong})
