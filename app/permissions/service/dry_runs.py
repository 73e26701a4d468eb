"""Asking for a dry run: who would gain and who would lose what by a version. A worker counts."""

from uuid import UUID

from app.authz.lint import lint
from app.authz.models import PolicyVersion
from app.core.ids import new_id
from app.core.refusals import Refusal, RefusalCode
from app.permissions.models import DryRunState, PolicyDryRun
from app.permissions.service.comparing import version_in_force
from app.permissions.service.versions import faults, read_text
from app.work import Work


async def ask_for_dry_run(work: Work, version_id: UUID) -> PolicyDryRun:
    """Have a version compared with the one in force. The signed table is not asked: it may be signed afterwards."""
    version = await work.load(PolicyVersion, version_id)
    await work.require("policy.dry_run", version)
    if work.actor.person_id is None:  # it is counted in what he may know of
        raise Refusal(RefusalCode.NOT_ALLOWED, action="policy.dry_run")
    problems = lint(read_text(version), work.policy.objects)
    if problems:
        raise faults(problems)
    run = PolicyDryRun(
        id=new_id(),
        version_id=version.id,
        digest=version.digest,
        against_number=(await version_in_force(work)).number,
        requested_by=work.actor.person_id,
        requested_at=work.now,
        state=DryRunState.WAITING,
    )
    work.session.add(run)
    await work.record_admin("policy.dry_run", ("dry_run", run.id), action="policy.dry_run")
    return run
