"""The playbook as a model: it needs no key and no network, and says so honestly when nothing it knows fits."""

from collections.abc import Mapping
from functools import cached_property
from typing import Final

from msgspec.structs import replace

from ion_mentoring.models.playbook.composing.composer import Composer
from ion_mentoring.models.playbook.dialogue import Dialogue
from ion_mentoring.models.playbook.finding import Found, found
from ion_mentoring.models.playbook.languages import asked_language, spoken_language
from ion_mentoring.models.playbook.ranking import load_ranking
from ion_mentoring.models.playbook.situation import Counsel, load_topic
from ion_mentoring.models.protocol import Completion, Delta, Prompt, Say
from ion_mentoring.models.subject import Subject
from ion_mentoring.resources import paths, read_data
from ion_mentoring.understanding.turns.reader import TurnReader
from ion_mentoring.usage.meter import UsageMeter

LANGUAGES = ("ko", "en")
OTHER_LANGUAGES: Final = "ion_mentoring/models/playbook/other_languages.toml"


Forewords = dict[str, str]  # first words to somebody who writes in another language, by its code


class PlaybookModel:
    """Answers from situations. A language's weights and a topic's file are read when they are first needed."""

    name = "playbook"

    @cached_property
    def _dialogue(self) -> Dialogue:
        return Dialogue(TurnReader.load(), Composer.load())

    @cached_property
    def _other_languages(self) -> Mapping[str, str]:
        return read_data(Forewords, paths(OTHER_LANGUAGES)[0])

    async def answer(self, prompt: Prompt, meter: UsageMeter, say: Say | None) -> Completion:
        """The reply to the last turn, said in one piece. It costs nothing."""
        completion = self._answer(prompt)
        if prompt.language not in LANGUAGES and (foreword := self._other_languages.get(prompt.language)):
            completion = replace(completion, text=f"{foreword}\n\n{completion.text}")
        if say:
            say(Delta(completion.text))
        return completion

    def _answer(self, prompt: Prompt) -> Completion:
        """The answer in the prompt's language, or in the one that was asked for; other languages are answered in English."""
        spoken = spoken_language(prompt.messages) or prompt.language
        own = spoken if spoken in LANGUAGES else "en"
        language = asked_language(prompt.messages) or own
        reply = self._dialogue.reply(prompt, load_ranking(own), language)
        return Completion(reply.text, self.name, language, topics=reply.topics, offered=reply.offered, plan=reply.plan)

    def counsel(self, situation: str, language: str) -> Counsel | None:
        """The counsel of a situation by its id, None where there is none of that id."""
        titles = load_ranking("ko" if language == "ko" else "en").titles
        title = next((one for one in titles if one.id == situation), None)
        return load_topic(title.topic)[situation].in_(language) if title and title.card else None

    def subject_of(self, text: str, language: str) -> Subject | None:
        """The subject of a text, None where no situation is likely enough."""
        one = found(load_ranking(language if language in LANGUAGES else "en"), text)
        return Subject(one.title.topic, one.title.title, one.probability) if isinstance(one, Found) else None
