SELECT time, state
FROM {{events}}
WHERE {{in_range}} AND measure_name <> 'columns' AND session_id = ${session:sqlstring} AND state IS NOT NULL
ORDER BY time
