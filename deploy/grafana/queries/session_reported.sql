SELECT time, state
FROM {{events}}
WHERE {{in_range}} AND {{any_event}} AND session_id = ${session:sqlstring} AND state IS NOT NULL
ORDER BY time
