"""Doors for programs that were written for another library. `import samebits` does not load them."""
