"""Records: reading those of the server, and keeping those of the pilot.

values.py        the values of a job record, as the server sends them
database.py      status, workflow and metrics of the pilot and its jobs, in one sqlite3 file
node.py          what the node is and how loaded: metrics of every heartbeat
monitored.py     what prmon has measured of the payload
output_files.py  OutputFiles.xml and PoolFileCatalog.xml, the lists of a job's files
"""

from __future__ import annotations

from pilotcore.records.values import Record
from pilotcore.records.values import list_of
from pilotcore.records.values import number_of
from pilotcore.records.values import panda_id_of
from pilotcore.records.values import text_of
from pilotcore.records.values import truth_of

__all__ = ["Record", "list_of", "number_of", "panda_id_of", "text_of", "truth_of"]
