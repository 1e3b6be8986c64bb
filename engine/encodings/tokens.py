"""Text as a fixed number of word numbers."""

from engine.encodings._texts import Lowercase, Ngrams, Sequence, Split, words


class Tokens(Sequence):
    """Text cut into words; each word becomes its number in a vocabulary.

    The vocabulary holds the most frequent words of the training part; 0 pads, 1 stands for any
    other word. Goes into an Embedding with `input_dim` of at least `max_tokens`, best with
    `mask_zero`; for Dense layers alone use `bag_of_words`.
    """

    lowercase: Lowercase = True
    split: Split = "words"
    ngrams: Ngrams = 1

    def _pieces(self, text: str) -> list[str]:
        return words(text, self.lowercase, self.split, self.ngrams)
