"""What the bot costs: time, memory and disk, measured in fresh processes."""
