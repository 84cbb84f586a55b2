WITH told AS (
  SELECT
    CASE WHEN {{last(10)}} THEN {{bad}} ELSE 0 END AS bad_now,
    CASE WHEN {{last(10)}} THEN 0 ELSE {{bad}} END AS bad_before
  FROM {{qoe}}
  WHERE {{last(70)}} AND measure_name = 'pipeline'
)
SELECT 1e0 * coalesce(sum(bad_now), 0) / greatest(coalesce(sum(bad_before), 0) / 6e0, 10e0) AS times_as_many
FROM told
