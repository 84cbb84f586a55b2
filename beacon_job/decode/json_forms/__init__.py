"""The JSON that senders write: one module per form, and what the forms share."""
