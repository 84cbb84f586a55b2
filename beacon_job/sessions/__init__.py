"""The beacons of a session -> what it adds to the sums, and its row. Pure, in stream and replay alike."""
