"""The bytes of one Kinesis record -> what they mean. Pure: no clock, no state, never an exception."""
