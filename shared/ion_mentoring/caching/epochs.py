"""Invalidations in their order, so that an instance can tell by itself which of its entries no longer hold.

L2 has one small document of them, which travels in the round trip of every read. An entry knows the epoch under which its
making began; what was invalidated after that is void, in every instance, however long that one was asleep.
"""

import json
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Final

from ion_mentoring.caching.entry import NO_EPOCH, Epoch

ALL: Final = "*"
MOST_RULES: Final = 64  # kept apart; beyond them everything is void

# Adds the rule ARGV[1] to the document at KEYS[1], in place of an earlier one of the same pattern, and without those older than
# ARGV[2] seconds, since nothing lives so long; ARGV[3] is the era to begin where there is none. Gives the number of the rule.
INVALIDATE: Final = f"""
local now = tonumber(redis.call('TIME')[1])
local stored = redis.call('GET', KEYS[1])
local read, known = pcall(cjson.decode, stored or '')
if not read or type(known) ~= 'table' or not known.rules then known = {{era=tonumber(ARGV[3]), number=0, rules={{}}}} end
local number = known.number + 1
local rules = {{}}
if ARGV[1] ~= '{ALL}' then
  for _, rule in ipairs(known.rules) do
    if now - rule[3] <= tonumber(ARGV[2]) and rule[2] ~= ARGV[1] then rules[#rules + 1] = rule end
  end
end
rules[#rules + 1] = {{number, ARGV[1], now}}
if #rules > {MOST_RULES} then rules = {{{{number, '{ALL}', now}}}} end
redis.call('SET', KEYS[1], cjson.encode({{era=known.era, number=number, rules=rules}}))
return {{number}}
"""

# Begins the era ARGV[1] at KEYS[1] unless there is one.
BEGIN: Final = """
local read, known = pcall(cjson.decode, redis.call('GET', KEYS[1]) or '')
if not read or type(known) ~= 'table' or not known.rules then
  redis.call('SET', KEYS[1], '{"era":' .. ARGV[1] .. ',"number":0,"rules":[]}')
end
return {1}
"""


class Epochs:
    """The invalidations as this instance knows them, and since when. `now` is wall-clock time in seconds."""

    def __init__(self, max_unverified_s: float, now: Callable[[], float]) -> None:
        self._max_unverified_s = max_unverified_s
        self._now = now
        self._stored: bytes | None = None
        self._rules: tuple[tuple[int, str], ...] = ()
        self._verified_at = float("-inf")
        self.current = NO_EPOCH

    @property
    def verified(self) -> bool:
        """True if what is known here was true within the declared time."""
        return 0 <= self._now() - self._verified_at <= self._max_unverified_s

    def learn(self, stored: bytes | None, asked_at: float) -> bool:
        """Takes over the document that L2 had after `asked_at`; False if it has none, so that an era has to be begun."""
        if asked_at < self._verified_at:
            return True  # the answer to an earlier question came later
        if stored is None or stored != self._stored:
            try:
                era, number, rules = _parsed(stored or b"")
            except (ValueError, LookupError, TypeError):
                return False
            self.current, self._rules, self._stored = Epoch(era, number), rules, stored
        self._verified_at = asked_at
        return True

    def add(self, pattern: str) -> None:
        """Adds a rule where there is no L2, and so no other instance that has to know."""
        number = self.current.number + 1
        others = tuple(rule for rule in self._rules if rule[1] != pattern)
        rules = (*others, (number, pattern)) if pattern != ALL and len(others) < MOST_RULES else ((number, ALL),)
        self.current, self._rules = Epoch(self.current.era, number), rules

    def holds(self, epoch: Epoch, tag: str) -> bool:
        """True if what was made under an epoch still holds."""
        if epoch is self.current:
            return True
        if epoch.era != self.current.era or epoch.number > self.current.number:
            return False
        return not any(number > epoch.number and fnmatchcase(tag, pattern) for number, pattern in self._rules)


def _parsed(stored: bytes) -> tuple[int, int, tuple[tuple[int, str], ...]]:
    known = json.loads(stored)
    rules = known["rules"] or []  # an empty list of Lua's is an empty object of JSON
    return int(known["era"]), int(known["number"]), tuple((int(rule[0]), str(rule[1])) for rule in rules)
