"""The way of one beacon, in the order of these modules.

decode      bytes of one Kinesis record -> Beacon | BadRecord            (pure)
point       Beacon, window or session  -> Point, a row for any store     (pure)
sink        Points -> one store, and the reasons of what it refused
job         the Flink pipeline that joins these, on one screen
"""

__version__ = "0.1.0"
