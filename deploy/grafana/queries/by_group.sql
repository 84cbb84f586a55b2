WITH views AS (
  {{views}}
)
SELECT
  coalesce(${by:raw}, 'unknown') AS viewer_group,
  1e0 * sum(coalesce(stall_ms, 0)) / nullif(sum({{watched_of_view}}), 0) AS rebuffer_ratio,
  {{percentile(CASE WHEN NOT background_start THEN startup_ms END, 0.5)}} AS startup_p50,
  {{percentile(CASE WHEN NOT background_start THEN startup_ms END, 0.95)}} AS startup_p95,
  1e0 * sum({{is(start_failed)}}) / nullif(sum({{is_attempt}}), 0) AS start_failures,
  1e0 * sum({{is(playback_failed)}}) / nullif(sum({{is_start}}), 0) AS playback_failures,
  1e0 * sum({{is_exit}}) / nullif(sum({{is_attempt}}) - sum({{is_bounce}}), 0) AS exits_before_start,
  1e0 * sum(bitrate_avg_kbps * play_ms) / nullif(sum(CASE WHEN bitrate_avg_kbps IS NOT NULL THEN play_ms END), 0)
    AS bitrate_kbps,
  count(*) AS n,
  {{complete_of_views}} AS completeness
FROM views
WHERE age = 1 AND {{viewers}}
GROUP BY 1
ORDER BY n DESC
LIMIT 50
