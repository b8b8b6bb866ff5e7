"""Input: the campaign as data, channels, landing, readers, extraction, the blank form, sample
inboxes.

Imports nothing of ours. Everything between bytes and facts is a pure function that needs neither
disk nor engine.
"""
