"""The way of a beacon, in the order of these modules. All but the last group are pure Python.

types       beacon, taxonomy, fields, values, point: what travels between the stages, its names and units
decode      decode recognises a record's form; envelope, origin, placement: where and when it came from;
            cmcd, cmcd_keys, cmcd_event, cmcd_request: CMCD;
            forms, batch, page, seed, json_event, json_names, json_parts, json_text: JSON;
            event_names, useragent, decode_limits, unreadable, foreign: names, devices, limits, bad records
gather      gather groups a batch into elements (what travels inside Flink);
            watermark decides how far event time has come
sessions    session_stage is one step of the stage; waiting is what either stage does not deal with yet;
            session_bucket keeps many sessions as bytes;
            session, session_facts, session_look, session_clock, session_tail, session_order,
            session_timeline, session_state: order and time of one session;
            view_time, view_start, view_states, view_close: what a view does;
            fingerprint, quirks: the players; slices, histogram, summary, unobservable: what comes out;
            archive, replay, timeline_text: the same offline
roll-up     rollup_stage is one step of the stage; rollup adds sums up per 10 s and viewer group
sink        event_point, store, records, limits, grouping, submit, classify, retry, counters: rows to a store
edges       settings, config: properties; metrics: counters; timestream: AWS;
            tables, operators, worker, uids, job, main: Flink
"""

__version__ = "0.3.0"
