WITH views AS (
  {{views}}
),
watching AS (
  SELECT
    player, player_release, device, os, country, cdn, content_id,
    coalesce(stall_ms, 0) AS stall_ms,
    {{watched_of_view}} AS watched_ms
  FROM views
  WHERE age = 1 AND {{viewers}}
),
everybody AS (
  SELECT sum(stall_ms) AS stall_ms, sum(watched_ms) AS watched_ms FROM watching
),
viewer_groups AS (
  SELECT dimension, value, count(*) AS n, sum(stall_ms) AS stall_ms, sum(watched_ms) AS watched_ms
  FROM watching
  CROSS JOIN UNNEST(
    ARRAY['player_version', 'device', 'os', 'country', 'cdn', 'content_id'],
    ARRAY[player_release, device, os, country, cdn, content_id]
  ) AS t (dimension, value)
  WHERE value IS NOT NULL
  GROUP BY 1, 2
)
SELECT
  dimension,
  value,
  1e0 * (
    viewer_groups.stall_ms
    - 1e0 * viewer_groups.watched_ms * (everybody.stall_ms - viewer_groups.stall_ms)
      / nullif(everybody.watched_ms - viewer_groups.watched_ms, 0)
  ) / nullif(everybody.watched_ms, 0) AS impact,
  1e0 * viewer_groups.stall_ms / nullif(viewer_groups.watched_ms, 0) AS rebuffer_ratio,
  1e0 * (everybody.stall_ms - viewer_groups.stall_ms)
    / nullif(everybody.watched_ms - viewer_groups.watched_ms, 0) AS rebuffer_ratio_of_others,
  n
FROM viewer_groups
CROSS JOIN everybody
WHERE n >= ${min_n:raw} AND everybody.watched_ms > viewer_groups.watched_ms
ORDER BY impact DESC
LIMIT 15
