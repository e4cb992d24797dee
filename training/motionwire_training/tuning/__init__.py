"""Finding the controller's settings: from the data before a run, by a search over runs, from the metrics after one."""
