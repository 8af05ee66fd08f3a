"""The language of a text in Latin letters, told by the little words that every sentence has."""

import re
from typing import Final

READ: Final = 60  # words: enough to tell
LEAST: Final = 2  # little words of a language, to be taken for it
SHARE: Final = 0.2  # of the words

_WORDS: Final = re.compile(r"[^\W\d_]+")
_VIETNAMESE: Final = re.compile("[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LITTLE_WORDS: Final = {
    "en": _set(
        "the of and to a in is it you that he was for on are with as i his they be at have this from or had by not but what "
        "all were we when your can there an which she do how their if will up about out many then them so some her would "
        "make like him into has look more no way could my than been who its now did get me i'm don't it's im dont just"
    ),
    "es": _set(
        "el la los las un una unos de del que en y por con para es al lo como más pero su sus le se me mi mis muy sin sobre "
        "también porque cuando qué cómo estoy estás está tengo tiene hay ya si sí yo este esta eso nada todo trabajo puedo "
        "quiero hacer hola gracias ayuda necesito soy desde hasta donde"
    ),
    "de": _set(
        "der die das den dem des ein eine einen einem einer und oder aber ich du er sie wir ihr mir mich dir dich nicht kein "
        "keine ist bin sind war habe hat haben wird werden mit von zu zum zur auf für bei nach aus wie was warum wenn weil "
        "dass auch nur noch schon sehr mein meine meinem meinen kann soll muss im am um bitte danke hallo es"
    ),
    "fr": _set(
        "le la les un une des du de et ou mais je tu il elle nous vous ils elles ne pas que qui dans sur avec pour par est "
        "suis es sont ai as avez mon ma mes ton ta son sa ses ce cette ces au aux plus très comment pourquoi quand parce "
        "j'ai c'est n'est d'un quoi faire fait bonjour merci travail peux dois depuis"
    ),
    "pt": _set(
        "o os um uma uns de do da dos das que em no na nos nas e por com para é ao não mais mas seu sua se me meu minha "
        "muito sem sobre também porque quando como estou está tenho tem há já sim eu este esta isso nada tudo trabalho posso "
        "quero fazer olá obrigado ajuda preciso sou desde até onde você"
    ),
    "it": _set(
        "il lo la gli le un una di del della dei che in e per con è al come più ma suo sua si mi mio mia molto senza anche "
        "perché quando cosa sono sei ho hai ha non questo questa niente tutto lavoro posso voglio fare ciao grazie aiuto "
        "devo da dove"
    ),
}


def latin_language(text: str) -> str:
    """The code of the language: one of those above, `vi`, or English where the words tell of no other one clearly."""
    words = [word.casefold() for word in _WORDS.findall(text)[:READ]]
    if len(_VIETNAMESE.findall(text.casefold())) >= max(LEAST, SHARE * len(words)):
        return "vi"
    said = frozenset(words)  # "ha ha" says no more than "ha"
    counts = {language: len(said & little) for language, little in LITTLE_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    if best == "en" or counts[best] <= counts["en"] or counts[best] < max(LEAST, SHARE * len(said)):
        return "en"
    return best
