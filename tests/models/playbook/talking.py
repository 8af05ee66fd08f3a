"""A conversation with the playbook, turn by turn, for its tests."""

from ion_mentoring.models.playbook.model import PlaybookModel
from ion_mentoring.models.protocol import Completion, Message, Prompt
from ion_mentoring.personas.roster import load_roster
from ion_mentoring.understanding.language import language_of
from ion_mentoring.understanding.resonance.detector import Detector
from ion_mentoring.usage.meter import UsageMeter

ROSTER = load_roster()
PLAYBOOK = PlaybookModel()
DETECTOR = Detector.load()


async def talk(persona: str, texts: list[str], mode: str = "default") -> list[Completion]:
    """A conversation, turn by turn."""
    said: list[Message] = []
    told = []
    for text in texts:
        language = language_of(text)
        read = DETECTOR.detect(text, language)
        said.append(Message("user", text))
        shape = ROSTER[persona].shape
        prompt = Prompt("", tuple(said), read.key, language, shape, mode=mode, unknown=read.unknown)  # type: ignore[arg-type]
        told.append(await PLAYBOOK.answer(prompt, UsageMeter(), None))
        said.append(Message("assistant", told[-1].text))
    return told
