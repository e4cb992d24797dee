"""Sentences into motion: tokens, sampling, the streaming loop."""
