"""Jobs, driven by random clients, workers, clocks and reapers, beside a model in plain Python."""
