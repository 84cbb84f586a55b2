"""A client's clock that is set back in the middle of a session. Pure.

Facts are ordered by the client's clock, so a clock that goes back would put new facts before old ones.
Sequence numbers show it: a new number at a time far before the newest known one of its target. From there on
facts are moved by what the clock lost; those that still arrive from before, told by their delay, stay where
they are. (A clock that is set ahead needs no such care: `view_time` of the view sees it against arrival.)
"""

import msgspec

from beacon_job.sessions.facts import Fact
from beacon_job.sessions.state import SessionState

SET_BACK_MS = 60_000
"""Going back by less is taken for the disorder of a queue."""


def may_be_set_back(session: SessionState, facts: list[Fact]) -> bool:
    """Whether sorted facts give reason to look at the clock at all."""
    newest_ms = max(session.newest_ms, facts[-1].client_ms)
    return session.step_ms != 0 or facts[0].client_ms <= newest_ms - SET_BACK_MS


def mend(session: SessionState, facts: list[Fact]) -> list[Fact]:
    """The facts, moved where the clock was set back; a step that is found is noted in the session."""
    known = {name: (target.top, target.newest_ms) for name, target in session.reading.targets.items()}
    mended: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact.recv_ms, fact.target, fact.seq)):
        top, newest_ms = known.get(fact.target, (-1, -1))
        delay_ms = fact.recv_ms - fact.client_ms
        stepped = session.step_ms and delay_ms > session.step_delay_ms - SET_BACK_MS
        if not stepped and fact.seq > top >= 0 and fact.client_ms < newest_ms - SET_BACK_MS:
            session.step_ms, session.step_delay_ms = newest_ms - fact.client_ms, delay_ms
            session.steps += 1
            stepped = True
        client_ms = fact.client_ms + (session.step_ms if stepped else 0)
        known[fact.target] = (max(top, fact.seq), max(newest_ms, client_ms))
        mended.append(msgspec.structs.replace(fact, client_ms=client_ms) if stepped else fact)
    return mended
