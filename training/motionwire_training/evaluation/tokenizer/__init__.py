"""How well a bundle's tokenizer gives motion back, measured on its exported graphs."""
