"""Writers: ExportPlan to code. They know nothing of how an export site was read."""
