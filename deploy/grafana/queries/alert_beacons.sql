SELECT coalesce(sum(beacons), 0) AS beacons
FROM {{qoe}}
WHERE {{last(5)}} AND measure_name = 'pipeline'
