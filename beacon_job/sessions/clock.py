"""A client's clock that is set back in the middle of a session. Pure.

Facts are ordered by the client's clock, so a clock that goes back would put new facts before old ones.
Sequence numbers show it: a new number at a time far before the newest known one of its target. From there on
facts are moved by what the clock lost; those that still arrive from before, told by their delay, stay where
they are. (A clock that is set ahead needs no such care: `view_time` sees it against arrival.)
"""

from beacon_job.sessions.facts import RECV, SEQ, TARGET, TS, Fact
from beacon_job.sessions.state import SessionState

SET_BACK_MS = 60_000
"""Going back by less is taken for the disorder of a queue."""


def may_be_set_back(session: SessionState, facts: list[Fact]) -> bool:
    """Whether sorted facts give reason to look at the clock at all."""
    newest = max(session.newest, facts[-1][TS])
    return session.step_ms != 0 or facts[0][TS] <= newest - SET_BACK_MS


def mend(session: SessionState, facts: list[Fact]) -> list[Fact]:
    """The facts, moved where the clock was set back; a step that is found is noted in the session."""
    known = {name: (target.top, target.newest) for name, target in session.head.targets.items()}
    mended: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact[RECV], fact[TARGET], fact[SEQ])):
        top, newest = known.get(fact[TARGET], (-1, -1))
        delay = fact[RECV] - fact[TS]
        stepped = session.step_ms and delay > session.step_delay - SET_BACK_MS
        if not stepped and fact[SEQ] > top >= 0 and fact[TS] < newest - SET_BACK_MS:
            session.step_ms, session.step_delay = newest - fact[TS], delay
            session.steps += 1
            stepped = True
        ts = fact[TS] + (session.step_ms if stepped else 0)
        known[fact[TARGET]] = (max(top, fact[SEQ]), max(newest, ts))
        mended.append((ts, *fact[1:]) if stepped else fact)
    return mended
