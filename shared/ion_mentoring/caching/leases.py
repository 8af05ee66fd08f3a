"""Leases of keys: who makes an entry holds one for a short time and renews it, so that its death frees the key.

Tokens are fencing tokens (Kleppmann, "How to do distributed locking", 2016): the server's time in microseconds, so that each
is greater than those before it, and what is kept under one that is no longer held is refused.
"""

from typing import Final

# A lease at KEYS[1] for ARGV[1] milliseconds; gives its token, or 0 while there is another.
ACQUIRE: Final = """
if redis.call('EXISTS', KEYS[1]) == 1 then return {0} end
local time = redis.call('TIME')
local token = time[1] * 1000000 + time[2]
redis.call('SET', KEYS[1], string.format('%.0f', token), 'PX', ARGV[1])
return {token}
"""

# Holds the lease at KEYS[1] with token ARGV[1] for ARGV[2] milliseconds more; gives 1 if it was held.
RENEW: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
return {redis.call('PEXPIRE', KEYS[1], ARGV[2])}
"""

# Gives the lease at KEYS[1] with token ARGV[1] back; gives 1 if it was held.
RELEASE: Final = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return {0} end
return {redis.call('DEL', KEYS[1])}
"""

# Keeps ARGV[1] at KEYS[1] for ARGV[2] milliseconds and gives the lease at KEYS[2] back, if it is held with token ARGV[3].
KEEP: Final = """
if redis.call('GET', KEYS[2]) ~= ARGV[3] then return {0} end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('DEL', KEYS[2])
return {1}
"""
