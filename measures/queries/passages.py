"""Words found in a text as people write it, and the piece of the text that shows them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from measures import thai

AROUND = 45
"""Characters of text shown on either side of the found words."""

SHORTEST_NAME = 4
"""Letters of an agency's name; anything shorter would be found inside ordinary words."""

# Marks and vowels that belong to the letter before them, and vowels that belong to the letter after.
_HANGING = re.compile("[\u0e30-\u0e3a\u0e45-\u0e4e]+")
_DANGLING = re.compile("[\u0e40-\u0e44]$")


@dataclass(frozen=True)
class Excerpt:
    """Some text with the found words in the middle."""

    before: str
    mark: str
    after: str


@dataclass(frozen=True)
class Folded:
    """A text for comparison: no blanks, Arabic digits, lower case; `places` leads each character back."""

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Folded":
        kept = [(lower, place) for place, char in enumerate(text) if not char.isspace() for lower in char.lower()]
        return cls(thai.to_arabic_digits("".join(char for char, _ in kept)), tuple(place for _, place in kept))

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where in the text as written a piece of the folded one stands."""
        return self.places[start], self.places[end - 1] + 1


class Names:
    """Names of agencies, found in a text whatever their number: looked up by their last letters."""

    def __init__(self, *, own: Iterable[str], others: Iterable[str]) -> None:
        self._own = {folded for name in own if (folded := thai.fold(name))}
        self._by_tail: dict[str, list[str]] = defaultdict(list)
        for name in {thai.fold(name) for name in others} - self._own | self._own:
            if len(name) >= SHORTEST_NAME:
                self._by_tail[name[-SHORTEST_NAME:]].append(name)

    def first_foreign(self, text: str) -> tuple[int, int] | None:
        """Where the first name of another agency stands; one inside a longer name is part of that name."""
        folded = Folded.of(text)
        hits = sorted(self._hits(folded.text), key=lambda hit: (hit[0] - hit[1], hit[0]))
        taken: list[tuple[int, int]] = []
        foreign: list[tuple[int, int]] = []
        for start, end in hits:  # the longest first
            if any(start < till and begun < end for begun, till in taken):
                continue
            taken.append((start, end))
            if folded.text[start:end] not in self._own:
                foreign.append((start, end))
        return folded.back(*min(foreign)) if foreign else None

    def _hits(self, text: str) -> Iterator[tuple[int, int]]:
        for end in range(SHORTEST_NAME, len(text) + 1):
            for name in self._by_tail.get(text[end - SHORTEST_NAME : end], ()):
                if text.endswith(name, 0, end):
                    yield end - len(name), end


def excerpt(text: str, start: int, end: int, *, around: int = AROUND) -> Excerpt:
    """The piece of `text` round text[start:end], never cut between a Thai letter and its marks."""
    first = _past_marks(text, start - around) if start > around else 0
    last = _past_marks(text, min(end + around, len(text)))
    before, after = text[first:start], text[end:last]
    if first:
        before = f"…{before}"
    if last < len(text):
        after = f"{_DANGLING.sub('', after)}…"
    return Excerpt(_one_line(before), _one_line(text[start:end]), _one_line(after))


def _past_marks(text: str, place: int) -> int:
    """`place`, or the first one after it where a letter begins."""
    marks = _HANGING.match(text, place)
    return marks.end() if marks else place


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)
