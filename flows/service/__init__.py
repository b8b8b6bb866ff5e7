"""`tonghop serve`: a home in service, night after night, without anybody.

`serve` is the order of things: server, deployments, worker, watch, and how all of it stops. `kept`
keeps one process running, `deployments` lists what runs when, `watch` looks after runs that were
missed, killed or failed, `access` says who serves a home and how to reach it, `health` tells how it
fares, `unit` writes it down for systemd. Prefect is imported in children only: what must never die
is small.
"""
