SELECT {{bucket}} AS time, {{figures}}, {{n}} AS n
FROM {{qoe}}
WHERE {{in_range}} AND measure_name = 'pipeline'
GROUP BY 1
ORDER BY 1
