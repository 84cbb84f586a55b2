WITH told AS (
  SELECT reason, bad
  FROM {{qoe}}
  CROSS JOIN UNNEST(
    ARRAY[{{reasons}}],
    ARRAY[{{bad_columns}}]
  ) AS t (reason, bad)
  WHERE {{in_range}} AND measure_name = 'pipeline'
)
SELECT reason, sum(bad) AS n
FROM told
WHERE bad > 0
GROUP BY 1
ORDER BY n DESC
