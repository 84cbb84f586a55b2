SELECT {{bucket}} AS time, {{figures}}, {{n}} AS n
FROM {{qoe}}
WHERE {{in_range}} AND measure_name = 'sessions'
GROUP BY 1
ORDER BY 1
