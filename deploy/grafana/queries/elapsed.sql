WITH started AS (
  SELECT min(time) AS began
  FROM {{events}}
  WHERE {{in_range}} AND measure_name = 'started' AND session_id = ${session:sqlstring}
),
told AS (
  SELECT time
  FROM {{events}}
  WHERE {{in_range}} AND measure_name = '{{event}}' AND session_id = ${session:sqlstring}
)
SELECT {{seconds_between(began, time)}} / 5 * 5 AS elapsed_s, count(*) AS events
FROM told
CROSS JOIN started
WHERE time >= began
GROUP BY 1
ORDER BY 1
