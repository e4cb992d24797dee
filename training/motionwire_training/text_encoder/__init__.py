"""Sentences as embeddings: MiniLM as it comes, and its last layers once more, trained to tell contents and styles apart."""
