"""The judge of generated motion: networks trained on real training clips alone, that say what a clip shows and which sentence fits it."""
