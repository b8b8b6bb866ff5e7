"""What a night logs: its progress on the terminal, its log file, and the seconds of its stages."""
