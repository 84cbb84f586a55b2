WITH views AS (
  {{views}}
)
SELECT
  {{percentile(startup_ms, 0.5)}} AS p50,
  {{percentile(startup_ms, 0.95)}} AS p95,
  count(startup_ms) AS n,
  1e0 * sum(beacons_received) / nullif(sum(beacons_expected), 0) AS completeness
FROM views
WHERE age = 1 AND NOT background_start AND {{viewers}}
