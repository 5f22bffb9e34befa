"""Service: service levels, incidents, availability, volumes."""
