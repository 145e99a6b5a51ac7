"""Live connections with CRMs: read only, one folder per connector, found through the registry."""
