"""Text as a fixed number of character numbers."""

from pydantic import Field

from engine.encodings._texts import Length, Lowercase, Sequence, normal


class Characters(Sequence):
    """Text cut into characters; each becomes its number in a vocabulary.

    For names, codes and languages without spaces between words. The vocabulary holds the most
    frequent characters of the training part; 0 pads, 1 stands for any other. Goes into an
    Embedding with `input_dim` of at least `max_tokens`, then 1D or recurrent layers.
    """

    length: Length = 200
    max_tokens: int = Field(
        default=200, ge=3, le=100_000, description="size of the vocabulary, 0 and 1 included"
    )
    lowercase: Lowercase = False

    def _pieces(self, text: str) -> list[str]:
        return list(normal(text, self.lowercase))
