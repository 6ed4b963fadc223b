"""The application around the codemod: files, verification, proof and report."""

__version__ = '0.1.0'
