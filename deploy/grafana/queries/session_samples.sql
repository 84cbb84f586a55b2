SELECT time, {{samples}}
FROM {{events}}
WHERE {{in_range}} AND measure_name <> 'columns' AND session_id = ${session:sqlstring}
  AND ({{told}})
ORDER BY time
