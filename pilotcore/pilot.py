"""The pilot's life: look around, ask for a job, fly it, perhaps another, and say how it went.

Runs on a thread of its own; interrupt() is called from another, with the signals that arrive.
Read from pilot3@a090538b:pilot.py and pilot/control/job.py#retrieve.
"""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path
from typing import Mapping
from urllib.parse import urlsplit

from pilotcore import VERSION
from pilotcore import benchmark
from pilotcore.credentials import Credential
from pilotcore.credentials.myproxy import myproxy_of
from pilotcore.credentials.renewal import Renewal
from pilotcore.cvmfs import VARIABLE
from pilotcore.data.locations import check_reachable
from pilotcore.definitions import Queue
from pilotcore.errors import Failure
from pilotcore.errors import PilotError
from pilotcore.errors import code_of_signal
from pilotcore.exitcodes import OK
from pilotcore.exitcodes import UNKNOWN_EXCEPTION
from pilotcore.exitcodes import exit_code
from pilotcore.exitcodes import signal_exit_code
from pilotcore.experiments import Site
from pilotcore.experiments import load
from pilotcore.information import InformationService
from pilotcore.kit import Kit
from pilotcore.logbook import Logbook
from pilotcore.options import Options
from pilotcore.orders import Cancelled
from pilotcore.orders import Order
from pilotcore.orders import Orders
from pilotcore.platform import Platform
from pilotcore.records.database import Database
from pilotcore.recovery import letters
from pilotcore.recovery.rescue import rescue_all
from pilotcore.rounds import Rounds
from pilotcore.run.harvester import HPC
from pilotcore.run.harvester import leave
from pilotcore.run.harvester import server_for
from pilotcore.run.hpc import Allocation
from pilotcore.signals import signal_name
from pilotcore.site_setup import with_setup
from pilotcore.software import with_system_folders
from pilotcore.updates import identity
from pilotcore.watch.disk import FREE_AT_START
from pilotcore.watch.disk import free_bytes
from pilotcore.watch.walltime import Walltime
from pilotcore.wishes import server_url
from pilotcore.wishes import worker_fields
from pilotcore.workplace import make_workplace
from pilotcore.workplace import remove_directory


class Pilot:
    """One pilot, from its start to its exit code."""

    def __init__(
        self,
        options: Options,
        platform: Platform,
        log: Logbook,
        *,
        env: Mapping[str, str],
        node: str,
        start: Path,
    ) -> None:
        self._options = options
        self._platform = platform
        self._log = log
        self._env = with_system_folders(env)
        self._experiment = load(options.experiment)
        self._site = Site(platform, log, self._env, cvmfs=options.cvmfs)
        self._node = env.get("PANDA_HOSTNAME") or node
        self._start = start
        self._began = platform.monotonic()
        self._halt = Orders()
        self._orders = Orders()
        self._signal: int = 0
        self._signal_at = 0.0
        self._walltime = Walltime(
            platform, lifetime_s=options.lifetime_s, grace_s=options.grace_s, give=self._give
        )
        url = server_url(options)
        self._server = server_for(platform, log, options, env=env, url=url, start=start)
        self._information = InformationService(
            platform,
            log,
            options=options,
            host=urlsplit(url).hostname or "localhost",
            copies=env.get(VARIABLE, ""),
        )
        self._credential = Credential(
            platform,
            log,
            env=env,
            verify=options.verify_proxy,
            use_token=options.use_token,
        )

    def interrupt(self, number: int) -> None:
        """Take signal *number*: stop what is being done and report it. The first one counts."""
        if self._signal:
            self._log.warning(f"{signal_name(number)} again; already stopping")
            return
        self._signal, self._signal_at = number, self._platform.monotonic()
        self._log.error(f"got {signal_name(number)}")
        code = code_of_signal(number, kubernetes="K8S_JOB_ID" in self._env)
        self._give(Order(code, signal_name(number), number))

    def run(self) -> int:
        """Live; return the exit code. Raises nothing."""
        try:
            code = self._live()
        except Cancelled as cancelled:
            self._log.error(f"stopped without a job: {cancelled}")
            code = exit_code(Failure(cancelled.order.code))
        except PilotError as error:
            self._log.error(f"{error.failure.code} {error.failure.kind.name}: {error}")
            code = exit_code(error.failure)
        except Exception:  # noqa: BLE001 (the exit code must say so)
            self._log.error(traceback.format_exc())
            code = UNKNOWN_EXCEPTION
        self._walltime.stop()
        leave(self._server)
        if self._signal:
            code = signal_exit_code(self._signal)
        self._log.info(f"exit code {code}")
        return code

    def _give(self, order: Order) -> None:
        self._halt.give(order)
        self._orders.give(order)

    def _fresh_orders(self) -> Orders:
        """Return the orders of a new job, under which what was ordered of the pilot stands."""
        self._orders = Orders()
        if self._halt.pending is not None:
            self._orders.give(self._halt.pending)
        return self._orders

    def _left_s(self) -> float:
        """Return the seconds that are left for what has still to be said."""
        left_s = self._walltime.left_s
        if self._signal:
            notice_ends = self._signal_at + self._options.notice_s
            left_s = min(left_s, notice_ends - self._platform.monotonic())
        return left_s

    def _live(self) -> int:
        queue, whose = self._options.queue, self._options.experiment
        self._log.info(f"pilotcore {VERSION} on {self._node} for queue {queue} ({whose})")
        self._walltime.begin()
        if self._options.workflow in HPC:
            return self._fly_allocation()
        workplace = make_workplace(self._start)
        directory = workplace.directory
        kept = self._options.database
        database = Database(self._platform, self._log, directory=directory, kept=kept)
        database.status("started")
        try:
            self._look_around(directory)
            kit = self._prepare(directory, database)
            database.status("recovering")
            self._recover(kit)
            database.status("working")
            self._tell_worker("started")
            try:
                Rounds(kit, fresh_orders=self._fresh_orders, began=self._began).run()
            finally:
                self._tell_worker("finished")
        finally:
            if self._options.cleanup:
                database.remove()
            workplace.release()
            if self._options.cleanup:
                remove_directory(directory, log=self._log)
        return OK

    def _fly_allocation(self) -> int:
        """Fly the jobs that Harvester has laid down: there is no network, and no program to run."""
        folder = self._options.harvester_workdir
        Allocation(
            self._platform,
            self._log,
            self._server,
            folder=self._platform.path(folder) if folder else self._start,
            who=identity(self._options, self._env, node=self._node),
            env=self._env,
            orders=self._halt,
            heartbeat_s=self._options.heartbeat_s,
        ).run()
        return OK

    def _recover(self, kit: Kit) -> None:
        """Do first what pilots that are gone have left undone."""
        if self._options.recovery:
            spoken_for = letters.send_all(self._start, self._server, log=self._log)
            rescue_all(kit, fresh_orders=self._fresh_orders, spoken_for=spoken_for)

    def _look_around(self, directory: Path) -> None:
        """Raise PilotError unless a job could be run and reported from here."""
        least_s = self._options.proxy_min_s
        self._credential.check(least_s=least_s, soon=1382, orders=self._halt)
        self._experiment.check_node(self._site, orders=self._halt)
        free = free_bytes(self._platform, directory)
        if free is not None and free < FREE_AT_START:
            raise PilotError(1098, f"{free} bytes free, {FREE_AT_START} are needed")

    def _prepare(self, directory: Path, database: Database) -> Kit:
        """Read the definitions of queue and storages; raises PilotError if there are none."""
        fallback = self._env.get("LOCAL_AGIS_SCHEDCONF", "")
        queue = self._information.queue(fallback_url=fallback, orders=self._halt)
        queue = self._experiment.queue_of(queue, self._site)
        self._env = with_setup(
            self._platform, self._log, self._env, setup=queue.setup, orders=self._halt
        )
        self._walltime.shorten(queue.lifetime_s)
        storages = self._information.storages(orders=self._halt)
        if not self._options.input_dir or not self._options.output_dir:
            check_reachable(queue, storages)
        return Kit(
            platform=self._platform,
            log=self._log,
            options=self._options,
            env=self._env,
            server=self._server,
            credential=self._credential,
            renewal=Renewal(
                self._server,
                self._credential,
                self._log,
                pilots_role=self._experiment.pilots_role,
                users_role=self._experiment.users_role,
                myproxy=myproxy_of(
                    self._platform,
                    self._log,
                    env=self._env,
                    catchall=queue.catchall,
                    proxy=self._credential.proxy,
                ),
            ),
            queue=queue,
            storages=storages,
            who=identity(self._options, self._env, node=self._node),
            start=self._start,
            directory=directory,
            database=database,
            metrics=self._benchmark(queue, directory),
            halt=self._halt,
            left_s=self._left_s,
            experiment=self._experiment,
            site=replace(self._site, queue=queue, env=self._env),
        )

    def _benchmark(self, queue: Queue, directory: Path) -> Mapping[str, object]:
        """Measure the node if the queue wants that."""
        if benchmark.FLAG not in queue.catchall:
            return {}
        return benchmark.measure(
            self._platform, self._log, env=self._env, directory=directory, orders=self._halt
        )

    def _tell_worker(self, status: str) -> None:
        """Tell the status of Harvester's worker, if there is one; once, without waiting."""
        fields = worker_fields(self._options, env=self._env, node=self._node, status=status)
        why = "" if fields is None else self._server.worker_status(fields)
        if why:
            self._log.warning(f"worker status not told: {why}")
