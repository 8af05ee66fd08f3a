"""The popularity of questions over all instances of a region: counters that decay, bounded, by cache key and without any words.

Beside a counter lies the question, sealed, so that it can be asked again. Counts are gathered in the instance and sent
together; what was not sent when the instance dies is lost, and hardly missed.
"""

from collections.abc import Callable
from typing import Final

from ion_mentoring.caching.guarded import NAMESPACE, GuardedServer

COUNTS: Final = NAMESPACE + "{popular}:counts"
QUESTIONS: Final = NAMESPACE + "{popular}:questions"
DECAYED_AT: Final = NAMESPACE + "{popular}:decayed-at"

MOST: Final = 2_000  # questions that are counted in L2
GATHERED: Final = 500  # in the instance, between two sendings
SENT_EVERY_S: Final = 10.0
HALF_LIFE_S: Final = 21_600  # a question that nobody asks any more counts half after six hours

# Adds counts (ARGV from the second on: key, count, sealed question or '') to KEYS[1], and questions to KEYS[2]; keeps the
# ARGV[1] highest.
_COUNT: Final = """
for place = 2, #ARGV, 3 do
  redis.call('ZINCRBY', KEYS[1], ARGV[place + 1], ARGV[place])
  if ARGV[place + 2] ~= '' then redis.call('HSET', KEYS[2], ARGV[place], ARGV[place + 2]) end
end
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[1])
if over > 0 then
  for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, over - 1)) do redis.call('HDEL', KEYS[2], key) end
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, over - 1)
end
return {1}
"""

# Halves the counts at KEYS[1] every ARGV[1] seconds since the time at KEYS[3], and forgets what counts for less than one half.
_DECAY: Final = """
local now = tonumber(redis.call('TIME')[1])
local last = tonumber(redis.call('GET', KEYS[3]) or now)
local factor = 0.5 ^ ((now - last) / tonumber(ARGV[1]))
redis.call('SET', KEYS[3], now)
if factor < 1 then redis.call('ZUNIONSTORE', KEYS[1], 1, KEYS[1], 'WEIGHTS', factor) end
for _, key in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', '(0.5')) do redis.call('HDEL', KEYS[2], key) end
return {redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(0.5')}
"""


class Popularity:
    """Counts what is asked for. `now` is in seconds."""

    def __init__(self, server: GuardedServer, now: Callable[[], float]) -> None:
        self._server = server
        self._now = now
        self._counts: dict[str, int] = {}
        self._questions: dict[str, str] = {}
        self._send_at = now() + SENT_EVERY_S

    async def asked(self, key: str, question: Callable[[], str] | None = None) -> None:
        """Counts a key once; `question` seals what was asked, where that is known. Now and then, the counts are sent."""
        if key in self._counts:
            self._counts[key] += 1
        elif len(self._counts) < GATHERED:
            self._counts[key] = 1
        if question and key in self._counts and key not in self._questions:
            self._questions[key] = question()
        if self._now() >= self._send_at:
            await self.send()

    async def send(self) -> None:
        """Sends what was gathered; without a server to take it, it is forgotten."""
        counts, questions = self._counts, self._questions
        self._counts, self._questions, self._send_at = {}, {}, self._now() + SENT_EVERY_S
        if counts:
            said = [part for key, count in counts.items() for part in (key, count, questions.get(key, ""))]
            await self._server.evaluate(_COUNT, (COUNTS, QUESTIONS), MOST, *said)

    async def decay(self) -> None:
        """Lets older counts count less."""
        await self._server.evaluate(_DECAY, (COUNTS, QUESTIONS, DECAYED_AT), HALF_LIFE_S)

    async def hottest(self, most: int) -> list[tuple[str, str]]:
        """The keys that are asked for most, with their sealed questions, as far as these are known; the most popular first."""
        keys = await self._server.highest(COUNTS, most)
        questions = await self._server.fields(QUESTIONS, keys) if keys else []
        return [(key, question) for key, question in zip(keys, questions, strict=True) if question]
