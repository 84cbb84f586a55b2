"""One Arrow batch of records and ticks -> what the rest of the job works on, and how far event time came."""
