"""The way of a beacon, a folder a stage. All but `flink` and the wings of `stores` are pure Python.

types       what travels between the stages: beacons, points, sums; names of events and measures
decode      the bytes of one Kinesis record -> beacons, or why they cannot be read
gather      one Arrow batch of records -> the few parts the rest of the job works on; the watermark
sessions    the beacons of a session -> its sums and its row
rollup      sums -> the rows of `qoe`, per 10 s and viewer group
stores      rows -> a store, each stored or refused
replay      the same sessions offline, from archived records
config      property groups -> the settings of every stage
flink       the pipeline
"""

__version__ = "0.5.0"
