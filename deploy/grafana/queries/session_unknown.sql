WITH views AS (
  SELECT
    view, unobservable, unobservable_why, stall_count_estimate, stall_ms_estimate, stall_ms_low, stall_ms_high,
    play_ms_estimate, startup_ms_low, startup_ms_high,
    row_number() OVER (PARTITION BY view ORDER BY known_ms DESC) AS age
  FROM {{sessions}}
  WHERE {{in_range}} AND measure_name = 'session' AND session_id = ${session:sqlstring}
)
SELECT
  view, unobservable, unobservable_why, stall_count_estimate, stall_ms_estimate, stall_ms_low, stall_ms_high,
  play_ms_estimate, startup_ms_low, startup_ms_high
FROM views
WHERE age = 1 AND unobservable IS NOT NULL
ORDER BY view
