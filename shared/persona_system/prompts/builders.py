"""Prompts in the form of the old package, from the cards' own instructions."""

from collections.abc import Mapping
from typing import Any, Final

from ion_mentoring.personas.card import Card
from ion_mentoring.understanding.resonance.key import Intent, Pace, ResonanceKey, Tone
from persona_system.base import AbstractPromptBuilder
from persona_system.library import cards, texts
from persona_system.models import ChatContext, messages_of

RECENT: Final = 3  # messages in a prompt
RECENT_LIGHT: Final = 2
LIGHT: Final = "summary_light"
SUMMARY: Final = "running_summary"  # an entry of custom_context


class BasePromptBuilder(AbstractPromptBuilder):
    """A builder for the persona of a name; without a card of that name, its system prompt has to be given."""

    persona_name: str = ""

    def __init__(self, persona_name: str | None = None, system_prompt: str | None = None) -> None:
        self.persona_name = persona_name or self.persona_name
        self.system_prompt = system_prompt or _system_prompt(cards().get(self.persona_name))

    def get_system_prompt(self) -> str:
        """The instruction of the persona."""
        return self.system_prompt

    def get_template(self) -> str:
        """The prompt with its fields."""
        card = cards().get(self.persona_name)
        guide = texts().guides.get(card.id, texts().guide) if card else texts().guide
        return texts().frame.replace("<guide>", guide)

    def build(
        self,
        user_input: str,
        resonance_key: str,
        context: ChatContext | None = None,
        *,
        mode: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> str:
        """The prompt for one text; with `mode="summary_light"` a compact one. `options` is for those who override this."""
        light = mode == LIGHT
        tone, pace, intent = self._parse_resonance_key(resonance_key)
        summary = (context.custom_context or {}).get(SUMMARY) if context else None
        return (texts().light if light else self.get_template()).format(
            system_prompt=self.get_system_prompt(),
            user_input=user_input,
            tone=tone,
            pace=pace,
            intent=intent,
            context=self._build_context(context, tone, pace, intent),
            history=_history(context, RECENT_LIGHT) if light else self._build_history(context),
            summary=summary or texts().no_summary,
        )

    @staticmethod
    def _parse_resonance_key(key: Any) -> tuple[Tone, Pace, Intent]:
        """Tone, pace and intent of a key, put right where it is wrong."""
        parts = ResonanceKey.legacy(key if isinstance(key, str) else "")
        return parts.tone, parts.pace, parts.intent

    @staticmethod
    def _build_context(context: ChatContext | None, tone: str, pace: str, intent: str) -> str:
        """Lines about the user; the parts of the key are for those who override this."""
        if context is None:
            return texts().no_context
        about = {"User ID": context.user_id, "Session ID": context.session_id, "Preferred persona": context.persona_preference}
        about |= {str(name): value for name, value in (context.custom_context or {}).items() if name != SUMMARY}
        return "\n".join(f"{name}: {value}" for name, value in about.items() if value) or texts().no_context

    @staticmethod
    def _build_history(context: ChatContext | None) -> str:
        """The last messages, oldest first."""
        return _history(context, RECENT)


class LuaPromptBuilder(BasePromptBuilder):
    """Prompts of Lua."""

    persona_name = "Lua"


class ElroPromptBuilder(BasePromptBuilder):
    """Prompts of Elro, numbered."""

    persona_name = "Elro"


class RiriPromptBuilder(BasePromptBuilder):
    """Prompts of Riri, of data and patterns."""

    persona_name = "Riri"


class NanaPromptBuilder(BasePromptBuilder):
    """Prompts of Nana, of the team."""

    persona_name = "Nana"


def _system_prompt(card: Card | None) -> str:
    if card is None:
        return ""
    traits = ", ".join(card.traits.ko)
    return texts().system.format(name_en=card.name.en, name_ko=card.name.ko, instruction=card.prompt.ko, traits=traits)


def _history(context: ChatContext | None, limit: int) -> str:
    messages = messages_of(context)[-limit:]
    said = (("Assistant" if one.get("role") == "assistant" else "User", one.get("content", "")) for one in messages)
    return "\n".join(f"{who}: {content}" for who, content in said) or texts().no_history
