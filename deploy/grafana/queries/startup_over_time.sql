WITH views AS (
  {{views}}
)
SELECT
  {{bucket}} AS time,
  {{percentile(startup_ms, 0.5)}} AS p50,
  {{percentile(startup_ms, 0.75)}} AS p75,
  {{percentile(startup_ms, 0.95)}} AS p95,
  count(startup_ms) AS n,
  {{complete_of_views}} AS completeness
FROM views
WHERE age = 1 AND NOT background_start AND {{viewers}}
GROUP BY 1
ORDER BY 1
