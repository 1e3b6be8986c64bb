"""`python -m engine.encodings > docs/encodings.md`: the page of encodings and targets."""

import sys

from engine.catalog.page import page

if __name__ == "__main__":
    sys.stdout.write(page())
