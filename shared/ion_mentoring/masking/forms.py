"""Forms that the masking and the detector of personal texts have in common; parts of patterns, compiled where they are used."""

from typing import Final

ALONE: Final = r"(?<![0-9A-Za-z])"
ENDS: Final = r"(?![0-9A-Za-z])"
KOREAN_DIGITS: Final = "공영일이삼사오육칠팔구"
SPELLED_AT: Final = r"\(at\)|\[at\]|\(골뱅이\)|골뱅이"
STREETS: Final = "Street|Avenue|Boulevard|Drive|Lane|Road"
PASSPORT: Final = rf"{ALONE}(?:[MSRGDO]\d{{8}}|[MSRGD]\d{{3}}[A-Z]\d{{4}}|[A-Z]{{2}}\d{{7}}){ENDS}"
IBAN: Final = rf"{ALONE}[A-Z]{{2}}\d{{2}}(?: ?[A-Z0-9]{{4}}){{2,7}}(?: ?[A-Z0-9]{{1,3}})?{ENDS}"
JWT: Final = r"\beyJ[A-Za-z0-9_\-]{4,}(?:\.[A-Za-z0-9_\-]*){2,4}"
VENDORS_KEYS: Final = (
    r"\b(?:[spr]k[\-_]|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|npm_|hf_|whsec_|SG\.|AKIA|ASIA|AIza|ya29\.|1//0)"
    r"[A-Za-z0-9_.\-]{8,}|\bion_[0-9A-Za-z]{12}_[0-9A-Za-z]{20,}"
)
