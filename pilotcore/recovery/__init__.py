"""What a later pilot on the node does for one that died: nothing that was made gets lost.

letters.py  final updates that nobody acknowledged, sent by whoever finds them
ledger.py   how far a job has come, on disk, while its pilot lives
rescue.py   a job whose pilot is gone, finished from where the ledger says that it stands
"""
