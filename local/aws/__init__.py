"""AWS on a laptop: the Kinesis emulator and the tables in the Timestream stand-in."""
