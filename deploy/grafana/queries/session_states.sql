WITH views AS (
  SELECT
    time, timeline,
    row_number() OVER (PARTITION BY view ORDER BY known_ms DESC) AS age
  FROM {{sessions}}
  WHERE {{in_range}} AND measure_name = 'session'
    AND session_id = ${session:sqlstring} AND view = ${view:sqlstring}
),
steps AS (
  SELECT views.time AS start, {{word(step, 1)}} AS begin_ms, {{word(step, 2)}} AS state
  FROM views
  CROSS JOIN UNNEST({{parts(timeline)}}) AS t (step)
  WHERE age = 1
)
SELECT
  {{later(start, CAST(begin_ms AS BIGINT))}} AS time,
  nullif(nullif(state, 'end'), 'idle') AS state
FROM steps
ORDER BY 1
