"""The commands, one thin function each. What a command needs is imported when it runs: `--help` answers at once."""
