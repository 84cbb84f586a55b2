"""What senders' words mean: names of events and fields, their units, and the limits of what is read."""
