"""Puts cases to the bot and measures its replies."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evals.cases import EVERY_KIND, Case
from retrieval.model import Answer, Reply

__all__ = ["Figures", "Outcome", "measure", "run"]

Ask = Callable[[str, Sequence[str]], Reply]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and the reply to it."""

    case: Case
    reply: Reply

    @property
    def answered(self) -> bool:
        """Whether quotes were given."""
        return isinstance(self.reply, Answer)

    def right_within(self, count: int) -> bool:
        """Whether one of the first `count` quotes covers a gold span with its evidence."""
        quotes = self.reply.quotes[:count] if isinstance(self.reply, Answer) else ()
        return any(span.covers(gold) for quote in quotes for span in quote.evidence for gold in self.case.gold)


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares in [0, 1] of the cases of one kind; `None` where no case counts.

    `right_first` and `right_in_three` are of the cases that can be answered, and an abstention is not right;
    `wrong_of_answered` is of those that were answered, whether they can be or not.
    """

    cases: int
    answered: float
    right_first: float | None
    right_in_three: float | None
    wrong_of_answered: float | None


def run(ask: Ask, cases: Iterable[Case]) -> list[Outcome]:
    """The outcome of each case, in order."""
    return [Outcome(case, ask(case.question, case.history)) for case in cases]


def measure(outcomes: Sequence[Outcome]) -> dict[str, Figures]:
    """Figures by kind of case, and of all of them as "all"."""
    kinds = {outcome.case.kind for outcome in outcomes}
    groups = {kind: [outcome for outcome in outcomes if outcome.case.kind == kind] for kind in sorted(kinds)}
    return {kind: _figures(group) for kind, group in ({**groups, EVERY_KIND: list(outcomes)}).items() if group}


def _figures(outcomes: Sequence[Outcome]) -> Figures:
    answerable = [outcome for outcome in outcomes if outcome.case.gold]
    answered = [outcome for outcome in outcomes if outcome.answered]
    return Figures(
        cases=len(outcomes),
        answered=len(answered) / len(outcomes),
        right_first=_share(outcome.right_within(1) for outcome in answerable),
        right_in_three=_share(outcome.right_within(3) for outcome in answerable),
        wrong_of_answered=_share(not outcome.right_within(1) for outcome in answered),
    )


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return sum(counted) / len(counted) if counted else None
