"""Jobs that are more than one payload: event service, Harvester's jobs from files, HPC.

channel.py       what a payload of the event service and its pilot say to each other
supply.py        event ranges, and their inputs, had before the payload asks for them
storing.py       outputs of ranges, stored and reported while the payload goes on
events.py        one job of the event service
access_point.py  the files that Harvester and a pilot leave for each other
harvester.py     jobs from files, and reports in files, in the place of a server
hpc.py           many jobs in one allocation, with nothing but files
file_events.py   event ranges for such jobs
launcher.py      starting payloads where no process may be started
"""
