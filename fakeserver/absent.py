"""What the real server has and this one has not, and why: honesty is a table.

Read from panda-server@9cc36033:api/v1 (every function that is a method) and panda-server@d51fd81c:
srvcore/allowed_methods.py (the legacy API). A request for one of them is answered as one for
anything unknown, 403, with the event ``server.unknown_endpoint``.
"""

from __future__ import annotations

from fakeserver.registry import LEGACY_ROOT
from fakeserver.registry import MODERN_ROOT

PICKLED = "answers with pickled Python objects, which only clients of 2024 and before read"
REPLACED = "clients use api/v1 since panda-client 1.6"
_MODERN = {
    "jobs of operators on the server's own machine": """
        async_process/submit_grep_request async_process/submit_sleep_echo_request
        async_process/get_result
    """,
    "staging from tape is not modelled": """
        data_carousel/change_staging_destination data_carousel/change_staging_source
        data_carousel/force_to_staging data_carousel/retire_unused
    """,
    "iDDS is another server": """
        idds/relay_idds_command idds/execute_idds_workflow_command
    """,
    "workflows are not modelled, tasks are": """
        workflow/submit_workflow_raw_request workflow/submit_workflow
        file_server/upload_workflow_request
    """,
    "files for other services, which are not modelled": """
        file_server/register_cache_file file_server/upload_hpo_checkpoint
        file_server/delete_hpo_checkpoint file_server/upload_file_recovery_request
        file_server/upload_event_picking_request
    """,
    "JEDI's way of making jobs is not modelled": """
        task/reassign_global_share task/enable_jumbo_jobs task/get_jumbo_job_datasets
        task/enable_job_cloning task/disable_job_cloning task/change_attribute
        task/change_modification_time task/change_split_rule
    """,
}
_LEGACY = {
    PICKLED: """
        submitJobs getJobStatus killJobs reassignJobs getJobStatistics getJobStatisticsPerSite
        getSiteSpecs getFullJobStatus getJobStatisticsForBamboo insertTaskParams killTask finishTask
        getJediTasksInTimeRange getJediTaskDetails retryTask changeTaskPriority reassignTask
        changeTaskAttributePanda pauseTask resumeTask increaseAttemptNrPanda killUnfinishedJobs
        changeTaskSplitRulePanda changeTaskModTimePanda avalancheTask getPandaIDsWithTaskID
        reactivateTask getTaskStatus reassignShare getTaskParamsMap reloadInput sweepPQ release_task
    """,
    REPLACED: """
        putFile deleteFile getServer updateLog fetchLog touchFile getVomsAttr getAttr uploadLog
        getPandaClientVer getScriptOfflineRunning insertSandboxFileInfo checkSandboxFile
        reportWorkerStats getJobStatisticsPerSiteResource getUserJobMetadata send_command_to_job
        get_job_statistics_per_site_label_resource get_ban_users get_files_in_datasets
    """,
    "other services, which are not modelled": """
        putEventPickingRequest put_checkpoint delete_checkpoint put_file_recovery_request
        put_workflow_request enableJumboJobs getJumboJobDatasets relay_idds_command
        execute_idds_workflow_command
    """,
}


def _listed(root: str, table: dict[str, str]) -> list[tuple[str, str]]:
    return [(root + name, why) for why, names in table.items() for name in names.split()]


ABSENT: tuple[tuple[str, str], ...] = tuple(
    sorted(_listed(MODERN_ROOT, _MODERN) + _listed(LEGACY_ROOT, _LEGACY))
)
