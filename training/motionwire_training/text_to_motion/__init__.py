"""Text to motion: a decoder-only transformer over motion tokens with the sentence as its prefix."""
