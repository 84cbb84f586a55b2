WITH views AS (
  {{views}}
)
SELECT
  {{percentile(startup_ms, 0.5)}} AS p50,
  {{percentile(startup_ms, 0.95)}} AS p95,
  count(startup_ms) AS n,
  {{complete_of_views}} AS completeness
FROM views
WHERE age = 1 AND NOT background_start AND {{viewers}}
