"""What the commands show on a terminal or hand to another program, and the status that they end with."""
