"""Questions whether things can hold together, all answered by one run of the reasoner."""

from __future__ import annotations

from dataclasses import dataclass, field

from eligo.compare.axioms import bounds_of, state
from eligo.compare.background import Background
from eligo.compare.forms import Form
from eligo.compare.owl import OwlWriter
from eligo.reason import reason

LIMIT = 300.0


@dataclass
class Questions:
    """Collects questions and asks them.

    Attributes:
        background: What holds of every trial.
        limit: Seconds after which the reasoner is stopped.
    """

    background: Background
    limit: float = LIMIT
    _asked: dict[frozenset[Form], None] = field(default_factory=dict)
    _impossible: frozenset[frozenset[Form]] | None = None

    def __len__(self) -> int:
        """Count the questions."""
        return len(self._asked)

    def ask(self, *together: Form) -> None:
        """Add the question whether forms can hold together of one patient.

        Args:
            together: The forms.
        """
        self._asked[frozenset(together)] = None

    def answer(self) -> None:
        """Ask the reasoner everything.

        Raises:
            EngineError: The reasoner is not there, failed, or took too long.
        """
        self._impossible = self._answers()

    def impossible(self, *together: Form) -> bool:
        """Tell whether forms that were asked about cannot hold together.

        Args:
            together: The forms.

        Raises:
            KeyError: It was not asked, or is not answered yet.
        """
        question = frozenset(together)
        if self._impossible is None or question not in self._asked:
            raise KeyError("ask before the answers are read")
        return question in self._impossible

    def _answers(self) -> frozenset[frozenset[Form]]:
        if not self._asked:
            return frozenset()
        forms = frozenset[Form]().union(*self._asked)
        writer = OwlWriter(bounds_of(forms))
        names = {question: writer.name("question") for question in self._asked}
        for question, name in names.items():
            for form in question:
                writer.below(name, writer.write(form, holds=True))
        state(writer, self._asked, self.background)
        empty = set(reason(writer.graph, limit=self.limit).report.unsatisfiable)
        return frozenset(question for question, name in names.items() if str(name) in empty)
