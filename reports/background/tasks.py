"""What the queue runs: a task names an export, and all that matters stands in the export's row.

The queue may therefore run a task twice, or forget one: the row is taken once (`jobs.take`), and what nobody works
on is put back into the queue (`jobs.reap`).
"""

from django_tasks import task


@task
def run_export(export_id: int) -> None:
    """Make the file of an export, unless somebody else does or it is no longer wanted."""
    from reports.background.running import run  # jobs puts this task into the queue, and running is made of jobs

    run(export_id)
