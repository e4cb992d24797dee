"""The motion tokenizer: causal convolutions around a finite scalar quantiser."""
