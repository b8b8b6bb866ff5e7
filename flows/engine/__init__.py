"""The Prefect engine of a run: started, met, asked, and stopped.

`start.py` starts or meets a server, `server.py` is the embedded one's process, `database.py` its
migrated database, `api.py` asks it without importing Prefect, `embedded.py` runs a whole night on
it for the command.
"""
