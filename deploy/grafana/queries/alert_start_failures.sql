SELECT
  coalesce(player, 'unknown') AS player,
  coalesce(cdn, 'unknown') AS cdn,
  1e0 * coalesce(sum(vsf), 0) / sum(attempts) AS start_failures
FROM {{qoe}}
WHERE {{last(10)}} AND measure_name = 'sessions'
GROUP BY 1, 2
HAVING sum(attempts) >= {{n}}
