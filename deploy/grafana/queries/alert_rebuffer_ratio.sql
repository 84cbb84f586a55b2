SELECT
  coalesce(player, 'unknown') AS player,
  coalesce(cdn, 'unknown') AS cdn,
  1e0 * coalesce(sum(stall_ms), 0) / nullif(sum({{watched}}), 0) AS rebuffer_ratio
FROM {{qoe}}
WHERE {{last(10)}} AND measure_name = 'sessions'
GROUP BY 1, 2
HAVING sum(active_ms) >= {{n}} * 6e5
