"""Measurements behind `motionwire bench`, each with its floor taken in the same run."""
