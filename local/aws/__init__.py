"""AWS on a laptop: the Kinesis emulator and the tables of the local store."""
