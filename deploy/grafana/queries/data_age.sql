SELECT {{age_ms(max(time))}} AS data_age_ms, coalesce(sum(beacons), 0) AS n
FROM {{qoe}}
WHERE {{in_range}} AND measure_name = 'pipeline'
