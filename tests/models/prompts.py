"""A prompt as a persona makes it, for the tests of models."""

from ion_mentoring.models.protocol import Message, Prompt
from ion_mentoring.personas.contract import PersonaRequest
from ion_mentoring.personas.prompts.builder import build
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.understanding.resonance.key import DEFAULT_KEY


def prompt(text: str = "hi", *, persona: str = "elro", history: tuple[Message, ...] = (), **question: str) -> Prompt:
    """What Elro's model is asked."""
    asked = PersonaRequest(text=text, key=DEFAULT_KEY, history=history, **question)  # type: ignore[arg-type]
    return build(load_roster()[persona], asked)
