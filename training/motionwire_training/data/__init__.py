"""Motion capture in, training data out: `motionwire-train import` and the stream that training reads."""
