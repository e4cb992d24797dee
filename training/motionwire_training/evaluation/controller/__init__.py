"""The controller's scorecard: scripted players, recordings of what they get, measures by concept, targets, tables and pictures."""
