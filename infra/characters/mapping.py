"""A persona card as a character card v2, and the way back; cards are the values of their TOML or JSON.

What both formats have is mapped: name, description, personality (our traits) and system_prompt, in one language. The whole
persona card travels in `data.extensions.ion_mentoring`, where other programs leave it alone; what a character card has that we
have no field for stays in the persona card's `character`, and comes out again as it came in.
(https://github.com/malfoyslastname/character-card-spec-v2/blob/main/spec_v2.md)
"""

import copy
import json
from collections.abc import Mapping
from typing import Any, Final

from infra.user_error import UserError

SPEC: Final = "chara_card_v2"
OURS: Final = "ion_mentoring"
KEPT: Final = "character"  # the field of a persona card with what other formats say
TEXTS: Final = ("name", "description", "personality", "scenario", "first_mes", "mes_example")  # what every card has

Values = dict[str, Any]


def exported(card: Mapping[str, Any], language: str) -> Values:
    """The character card of a persona card. One that was made of a character card gives that again, with what has changed."""
    own = {name: value for name, value in card.items() if name != KEPT}
    if card.get(KEPT):
        document: Values = json.loads(card[KEPT])
        before = _said(document["data"])
        changed = {name: text for name, text in _mapped(own, language).items() if text != before.get(name)}
        made = _made_of(document["data"])
        document["data"] |= {name: text for name, text in changed.items() if text != made.get(name)}
    else:
        document = {"spec": SPEC, "spec_version": "2.0", "data": _whole(own, language)}
    document["data"].setdefault("extensions", {})[OURS] = {"language": language, "card": copy.deepcopy(own)}
    return document


def imported(document: object, base: Mapping[str, Any]) -> Values:
    """The persona card of a character card: the one that travels in it, with what was edited since; else `base` with its texts.

    UserError for what is no character card of version 2.
    """
    checked = _checked(document)
    rest = copy.deepcopy(checked)
    own = rest["data"].get("extensions", {}).pop(OURS, None)
    if not isinstance(own, dict):
        card = {**copy.deepcopy(dict(base)), KEPT: json.dumps(checked, ensure_ascii=False)}
        for language in ("ko", "en"):
            _put(card, _made_of(checked["data"]), language)
        return card
    card, language = copy.deepcopy(own["card"]), own["language"]
    before, now = _mapped(card, language), _said(rest["data"])
    edited = {name: text for name, text in now.items() if text != before[name] and text}
    _put(card, edited, language)
    if "system_prompt" in edited:
        card["prompt"]["version"] += 1
    if edited:
        card["version"] += 1
    data = {**_whole(card, language), "character_version": rest["data"].get("character_version")}
    plain = {"spec": SPEC, "spec_version": "2.0", "data": data}
    if rest != plain:
        card[KEPT] = json.dumps(rest, ensure_ascii=False)
    return card


def _checked(document: object) -> Values:
    if not isinstance(document, dict):
        raise UserError("no character card: it is no JSON object")
    if document.get("spec") != SPEC:
        raise UserError(f"no character card of version 2: spec is {document.get('spec')!r}, and should be {SPEC!r}")
    data = document.get("data")
    if not isinstance(data, dict):
        raise UserError("no character card: data is missing")
    wrong = [name for name in (*TEXTS, "system_prompt") if not isinstance(data.get(name, ""), str)]
    if wrong or not isinstance(data.get("extensions", {}), dict):
        raise UserError(f"no character card: {wrong[0] if wrong else 'extensions'} has the wrong type")
    if not data.get("name", "").strip():
        raise UserError("the character has no name")
    return document


def _mapped(card: Mapping[str, Any], language: str) -> dict[str, str]:
    """The texts that both formats have."""
    return {
        "name": card["name"][language],
        "description": card["description"][language],
        "personality": ", ".join(card["traits"][language]),
        "system_prompt": card["prompt"][language],
    }


def _said(data: Mapping[str, Any]) -> dict[str, str]:
    return {name: data.get(name, "") for name in ("name", "description", "personality", "system_prompt")}


def _made_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a persona that a character card of others gives: who it is, where nothing says how to answer."""
    said, name = _said(data), data["name"].strip()
    prompt = said["system_prompt"].replace("{{original}}", "").strip() or "\n".join(
        part for part in (said["description"], said["personality"], data.get("scenario", "")) if part
    )
    texts = {
        "name": name,
        "description": said["description"].strip() or name,
        "personality": ", ".join(_parts(said["personality"])),
    }
    texts["system_prompt"] = prompt or f"You are {name}."
    return {kind: text.replace("{{char}}", name).replace("{{user}}", "the person") for kind, text in texts.items()}


def _put(card: Values, texts: Mapping[str, str], language: str) -> None:
    for name, place in (("name", "name"), ("description", "description"), ("system_prompt", "prompt")):
        if texts.get(name):
            card[place][language] = texts[name]
    if traits := _parts(texts.get("personality", "")):
        card["traits"][language] = traits


def _parts(personality: str) -> list[str]:
    return [part.strip() for part in personality.split(",") if part.strip()]


def _whole(card: Mapping[str, Any], language: str) -> Values:
    """All fields of a character card, for a persona card that none was made of."""
    openings = [texts[language] for texts in card["shape"]["opening"].values()]
    return {
        **dict.fromkeys(TEXTS, ""),
        **_mapped(card, language),
        "first_mes": openings[0],
        "alternate_greetings": openings[1:],
        "creator_notes": f"{card['role'][language]}. {card['never'][language]}",
        "post_history_instructions": "",
        "tags": [*card.get("topics", ()), *card["strengths"]],
        "creator": "ION Mentoring",
        "character_version": str(card["version"]),
        "extensions": {},
    }
