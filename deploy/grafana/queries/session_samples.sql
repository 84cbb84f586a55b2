SELECT time, {{samples}}
FROM {{events}}
WHERE {{in_range}} AND {{any_event}} AND session_id = ${session:sqlstring}
  AND ({{told}})
ORDER BY time
