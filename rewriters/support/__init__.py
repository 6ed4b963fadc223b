"""Code that rewritten projects receive as a file of their own. Nothing here is imported by the toolkit's codemod."""
