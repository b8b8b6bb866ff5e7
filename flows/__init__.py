"""What runs, in which order, and when.

    nightly.py   every night (22:30 in service): collect, read, validate, build, write the documents, publish
    remind.py    on the mornings of the campaign's days: a night, then a message to each unit that has not reported
    night.py     the parameters of one run: inboxes, home, moment, campaign
    past_nights.py        past moments built again, to be compared
    failing_contents.py   finds the contents on which a stage fails; deferred.py keeps those not read in this night

Rooms: `stages` is what each line of the night does, without Prefect; `engine` starts Prefect,
`home` is the folder that holds all of it, `logs` what a night logs while it runs, `writing` the
process that writes documents, `commands` the command `tonghop` (`cli.py` lists them), `service`
what `tonghop serve` keeps running, `mailing` the messages that go out. Imports every other room; no
room imports this one.
"""
