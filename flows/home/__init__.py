"""A home: the folder that holds all of one campaign's nights.

`layout.py` says what lies where, `rights.py` closes it to other accounts, `lock.py` lets one night
write at a time, `campaign.py` refuses another campaign's night, `running.py` tells a killed flow
run from one that works.
"""
