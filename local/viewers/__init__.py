"""Synthetic viewers: believable playback sessions whose truth is known to the millisecond.

The way of one viewer, in the order of these modules:

habits      tables: who watches, with which player, how often things happen
script      what really happened to one viewer, as intervals
writer      (seed, index) -> Script; `marks` adds what changes no interval          (pure)
dialects    Script -> Post: how a player of that kind tells it                     (pure)
network     Post -> when it arrives, twice, late or never                          (pure)
broken      bodies and records that no reader can read, each with the reason
envelope    Post -> the Kinesis record the front door makes of it                  (pure)
account     what became of a session's posts
truth       Script, and what was heard -> the figures an exact reader must find     (pure)
totals      sums of many truths
session     one session under way: its Posts -> Deliveries, and the account
generate    all viewers at once -> Deliveries in order of arrival                  (pure, lazy)
live        Deliveries in real time -> stream, `python -m local.viewers`
stream      Kinesis, which every record reaches sooner or later
backlog     Deliveries -> hours of records over uneven shards, for tests
"""
