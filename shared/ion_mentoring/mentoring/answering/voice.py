"""The voice of an answer: what a run says, as one of those who listen is told it."""

from collections.abc import Callable
from dataclasses import dataclass

from ion_mentoring.mentoring.answering.values import Routed, Tell
from ion_mentoring.models.protocol import Delta, Event, Started


@dataclass(slots=True)
class Voice:
    """Tells of the `persona` who answers, then its text; `routed` makes the event of a persona's beginning."""

    tell: Tell
    routed: Callable[[str], Routed]
    persona: str
    text: bool = False

    def __post_init__(self) -> None:
        self.tell(self.routed(self.persona))

    def __call__(self, event: Event) -> None:
        """Tells of one event of the run."""
        if isinstance(event, Started):
            self.persona, self.text = event.persona or self.persona, False
            self.tell(self.routed(self.persona))
        else:
            self.text = True
            self.tell(event)

    def end(self, content: str) -> None:
        """Tells the text of a run that was not listened to from its beginning, and so said nothing on its way."""
        if not self.text:
            self.tell(Delta(content))
