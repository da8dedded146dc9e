"""Sessions in the engine, with copies in the data folder."""
