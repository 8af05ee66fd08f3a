"""The playbook as a model: it needs no key and no network, and says so honestly when nothing it knows fits."""

from dataclasses import dataclass
from functools import cached_property

from ion_mentoring.models.playbook import rendering
from ion_mentoring.models.playbook.matching import Match, Matcher
from ion_mentoring.models.playbook.situation import Situation, load_situations
from ion_mentoring.models.playbook.small_talk import SmallTalk
from ion_mentoring.models.protocol import Completion, Delta, Prompt, Say
from ion_mentoring.usage.meter import UsageMeter

LANGUAGES = ("ko", "en")
LOOKS_BACK = 3  # of the person's earlier messages, when the last one alone says too little


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a text: the file of its situation, and the situation's title in the text's language."""

    file: str
    title: str


class PlaybookModel:
    """Answers from situations, which are read at the first question of each language, since cold start is a budget."""

    name = "playbook"

    def __init__(self) -> None:
        self._matchers: dict[str, Matcher] = {}

    def _matcher(self, language: str) -> Matcher:
        if language not in self._matchers:
            self._matchers[language] = Matcher(self._situations, language)
        return self._matchers[language]

    @cached_property
    def _small_talk(self) -> SmallTalk:
        return SmallTalk()

    @cached_property
    def _situations(self) -> tuple[Situation, ...]:
        return load_situations()

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The best situation told in the persona's shape, said in one piece. It costs nothing."""
        completion = self._answer(prompt)
        if say:
            say(Delta(completion.text))
        return completion

    def _answer(self, prompt: Prompt) -> Completion:
        """The answer in the prompt's language; in a language that the playbook does not speak, in English."""
        language = prompt.language if prompt.language in LANGUAGES else "en"
        if kind := self._small_talk.kind_of(prompt.question):
            return Completion(prompt.shape.small_talk[kind].in_(language), self.name, language)
        found, continuing = self._find(prompt, language)
        if found is None:
            honest = prompt.shape.nothing_fits.in_(language)
            return Completion(rendering.brief(honest) if prompt.mode == "summary_light" else honest, self.name, language)
        counsel = found.situation.in_(language)
        if prompt.mode == "summary_light":
            text = rendering.light(counsel, prompt.shape, language)
        else:
            text = rendering.whole(counsel, prompt.key, prompt.shape, language, continuing=continuing)
        return Completion(text, self.name, language, topics=(found.situation.id,))

    def topic_of(self, text: str, language: str) -> Subject | None:
        """The subject of a text that names one by a cue, else None: likeness alone is too weak to choose a persona by."""
        language = language if language in LANGUAGES else "en"
        found = self._matcher(language).match(text)
        return Subject(found.situation.topic, found.situation.in_(language).title) if found and found.cues else None

    def _find(self, prompt: Prompt, language: str) -> tuple[Match | None, bool]:
        asked = [message.content for message in prompt.messages if message.role == "user"]
        matcher = self._matcher(language)
        found = matcher.match(asked[-1])
        if found:
            return found, False
        for earlier in reversed(asked[:-1][-LOOKS_BACK:]):
            if found := matcher.match(earlier):
                return found, True
        return None, False
