"""What the operator sets: settings, looks and the key of the sessions."""
