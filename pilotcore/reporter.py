"""All that the server hears about one job: first update, heartbeats, the final word.

The heartbeat thread ends before the final update is sent, so that "running" is never the last
thing said (INC-011: two threads that both knew the final state).
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable
from typing import Iterable

from pilotcore.backchannel import DEBUG_INTERVAL_S
from pilotcore.backchannel import BackChannel
from pilotcore.data.stage_out import StoredFile
from pilotcore.errors import Failure
from pilotcore.final import FinalUpdate
from pilotcore.heartbeat import Heartbeat
from pilotcore.job import Job
from pilotcore.kit import Kit
from pilotcore.orders import Order
from pilotcore.orders import Orders
from pilotcore.records.monitored import monitored
from pilotcore.records.node import node_metrics
from pilotcore.server import Reply
from pilotcore.updates import Notes
from pilotcore.updates import Progress
from pilotcore.updates import events_in
from pilotcore.updates import final_fields
from pilotcore.updates import job_report
from pilotcore.updates import metrics
from pilotcore.updates import update_fields
from pilotcore.updates import used_fields
from pilotcore.usage import Meter
from pilotcore.watch.disk import size_of


class Reporter:
    """Speaks for one job."""

    def __init__(
        self,
        kit: Kit,
        job: Job,
        *,
        progress: Progress,
        directory: Path,
        orders: Orders,
        meter: Meter,
        notes: Notes,
    ) -> None:
        self._kit = kit
        self._job = job
        self._progress = progress
        self._directory = directory
        self._orders = orders
        self._meter = meter
        self._notes = notes
        self._channel = BackChannel(
            kit.platform, kit.log, orders=orders, directory=directory, debug=job.debug
        )
        self._heartbeat = Heartbeat(
            kit.platform,
            kit.log,
            send=self._update,
            lost=self._lose,
            interval_s=kit.options.heartbeat_s,
        )

    @property
    def soft_kill(self) -> bool:
        """Tell whether the server wants no further job to be taken."""
        return self._channel.soft_kill

    def begin(self) -> None:
        """Send the job's first update, then let the heartbeat go on."""
        reply = self._update()
        if not reply.accepted:
            self._kit.log.warning(f"first update not accepted: {reply.why}")
        self._heartbeat.begin(accepted=reply.accepted)

    def poke(self) -> None:
        """Tell the server of a new phase now."""
        self._heartbeat.poke()

    def conclude(
        self,
        cause: Failure | None,
        *,
        files: Iterable[StoredFile],
        payload_code: int | None,
        pilot_log: str,
        kept: Callable[[], None],
    ) -> bool:
        """Say the final word, after which nothing more is said; tell whether the server knows.

        *kept* is called once that word is safe: on disk, or with the server.
        """
        self._heartbeat.stop()
        self._progress.enter("final")
        report = job_report(self._directory)
        self._notes.update(events_in(report))
        fields = self._fields("failed" if cause else "finished")
        fields.update(report)
        outcome = final_fields(
            cause,
            self._progress,
            files=files,
            payload_code=payload_code,
            pilot_log=pilot_log,
        )
        return self._final().deliver(self._job, {**fields, **outcome}, kept=kept)

    def _final(self) -> FinalUpdate:
        kit = self._kit
        return FinalUpdate(
            kit.platform,
            kit.server,
            kit.log,
            directory=kit.start,
            home=kit.directory.name,
            left_s=kit.left_s,
            halt=kit.halt,
        )

    def _fields(self, state: str) -> dict[str, object]:
        job, now = self._job, self._kit.platform.now()
        fields = update_fields(job, self._kit.who, self._progress, now=now, state=state)
        used = used_fields(self._meter)
        self._kit.database.metrics(job, used)
        fields.update({**used, **monitored(self._directory)})
        fields["jobMetrics"] = metrics(
            {
                "coreCount": job.cores,
                "nInputFiles": len(job.inputs),
                "workDirSize": size_of(self._directory),
                **self._notes,
            }
        )
        return fields

    def _update(self) -> Reply:
        """Send one update that is not the final one, and do what the answer says."""
        self._notes.update(node_metrics(self._kit.platform))
        fields = self._fields(self._progress.state)
        fields["stdout"] = self._channel.stdout()
        reply = self._kit.server.update(fields)
        self._kit.log.info(f"update {fields['state']}: {reply.why}")
        self._channel.obey(reply.commands)
        usual_s = self._kit.options.heartbeat_s
        debug = self._channel.debug
        self._heartbeat.interval_s = min(usual_s, DEBUG_INTERVAL_S) if debug else usual_s
        return reply

    def _lose(self, silent_s: float) -> None:
        text = f"no update accepted for {silent_s:.0f} s; to the server this job is lost"
        self._orders.give(Order(1317, text))
