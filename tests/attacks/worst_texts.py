"""Texts of 4,000 characters that are dear to read for whoever was not careful, and one of plain English."""

import random
from itertools import cycle, islice

LENGTH = 4000
ENGLISH = (
    "My manager keeps asking for the report before the numbers are in, and I do not know how to say that it cannot be done. "
    "Last week I stayed until nine each day; yesterday she praised a colleague for what I had written. I feel tired and a "
    "bit ashamed of being angry. Should I talk to her first, or to the team? What would you do, and how do I start? "
)
KOREAN = "팀장이 회의에서 제 의견을 계속 무시해요. 너무 답답하고 어떻게 말해야 할지 모르겠어요. 이직을 준비해야 할까요? "


def of(unit: str) -> str:
    return "".join(islice(cycle(unit), LENGTH))


def _any_letters(low: int, high: int) -> str:
    chance = random.Random(7)
    return "x" + "".join(chr(chance.randrange(low, high)) for _ in range(LENGTH - 1))


PLAIN = of(ENGLISH)
WORST: dict[str, str] = {
    "Korean": of(KOREAN),
    "combining marks on one letter": "a" + of("\u0301\u0316")[1:],
    "marks in the wrong order": "a" + of("\u0316\u0301\u0334\u0345")[1:],
    "runs of thirty marks": of("a" + "\u0301\u0316" * 15),
    "Hangul in jamo": of("\u1112\u1161\u11ab"),
    "jamo that never end": "\u1112" + of("\u11ab")[1:],
    "letters that become eighteen": of("\ufdfa"),
    "letters that become three": of("\ufb03\u3300"),
    "one letter": of("a"),
    "one letter and an exclamation": of("a")[:-1] + "!",
    "blanks": "x" + of(" ")[2:] + "x",
    "blanks of all kinds": "x" + of(" \t\u00a0\u3000\u200b")[2:] + "x",
    "empty lines": "x" + of("\n")[2:] + "x",
    "carriage returns": "x" + of("\r\n")[2:] + "x",
    "full stops": of("."),
    "question marks": of("?!"),
    "words of one letter": of("a "),
    "digits": of("1234567890"),
    "digits in groups": of("010-1234-5678 "),
    "cards": of("4111 1111 1111 1111 "),
    "addresses": of("a@a.aa "),
    "an address that never ends": of("a@"),
    "an address of dots": "a@" + of("a.")[2:],
    "links": of("http://a.b/c?d=e "),
    "brackets that open": of("([{<"),
    "tags": of("<a>"),
    "quotes": of("'\"`"),
    "code marks": of("`"),
    "backslashes": of("\\"),
    "commas": of("a,"),
    "tables": of("|-"),
    "headings": of("#\n"),
    "lists": of("- a\n"),
    "apostrophes": of("I'm "),
    "emoji in families": of("👩‍👩‍👧‍👦"),
    "flags": of("🇰🇷"),
    "letters turned round": of("\u202eab\u202c"),
    "letters of other scripts that look alike": of("kіll mуself "),
    "Thai": of("ฉันรู้สึกเหนื่อยมาก"),
    "Turkish capitals": of("İI"),
    "words of danger": of("I want to kill myself "),
    "words of danger in Korean": of("죽고 싶어요 "),
    "almost words of danger": of("I want to kill my "),
    "words apart by marks": of("k.i.l.l m.y.s.e.l.f "),
    "I want to": of("I want to "),
    "not": of("not "),
    "negations in Korean": of("안 못 "),
    "feelings": of("frustrated angry sad happy anxious "),
    "feelings without blanks": of("frustratedangrysadhappyanxious"),
    "Hangul without a blank": of("답답해요"),
    "Hangul at random": _any_letters(0xAC00, 0xD7A4),
    "Chinese at random": _any_letters(0x4E00, 0x9FFF),
    "Latin at random": _any_letters(0x21, 0x24F),
    "beyond the first plane": _any_letters(0x1D400, 0x1D7FF),
    "enclosed letters": _any_letters(0x3200, 0x33FF),
    "Arabic forms": _any_letters(0xFB50, 0xFD3D),
    "Tibetan marks": "\u0f40" + of("\u0f71\u0f72\u0f74")[1:],
}
