"""The report: one result model (`model`), and a writer for each format that it is wanted in.

The writers stand in modules of their own, so that whoever needs one format doesn't import what the others need.
"""
