"""What a caption says: its claims with their spans, and what each is said of."""
