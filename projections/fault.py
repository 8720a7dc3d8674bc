"""The view of sandbox faults: which runs of a release the host had to end, since it was last enabled."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Connection, Index, Text, select

from palyra_events.delivery import AttemptFailed, AttemptSucceeded
from palyra_events.fault import Fault, is_fault
from palyra_events.skill import SkillEnabled, SkillInstalled
from palyra_events.tool_run import PluginInvoked
from projections.column import Id, Position
from projections.fact import Fact
from projections.projection import Projection
from projections.rows import Rows


class FaultView(Projection):
    """Counts the runs of each release, and lists its faults.

    ``period`` counts how often the release was enabled: faults of an earlier period are history. Rows
    are never changed, so the faults of any moment can be told.
    """

    name = "fault"
    version = 1
    is_decision = True
    holds_texts = False

    def __init__(self, generation: int) -> None:
        super().__init__(generation)
        self.tally = self.temporal(
            "release_tally",
            [Column("skill_id", Id, nullable=False), Column("version", Id, nullable=False)],
            Column("period", BigInteger, nullable=False),
            Column("runs", BigInteger, nullable=False),
            history=False,
        )
        self.fault = self.table(
            "fault",
            Column("position", Position, primary_key=True, autoincrement=False),
            Column("skill_id", Id, nullable=False),
            Column("version", Id, nullable=False),
            Column("period", BigInteger, nullable=False),
            Column("run", BigInteger, nullable=False),
            Column("outcome", Text, nullable=False),
            Index(None, "skill_id", "version", "period", "run"),
        )
        self.handlers = {
            SkillInstalled: self._installed,
            SkillEnabled: self._enabled,
            AttemptSucceeded: self._ran,
            AttemptFailed: self._ran,
            PluginInvoked: self._ran,
        }

    def up_to(self, connection: Connection, position: int, runs: int) -> list[Fault]:
        """Return the faults among the last ``runs`` runs of a release, up to the one at ``position``.

        They are of one period, in order. There are none where no fault is recorded there.
        """
        fault, newest = self.fault.c, self.fault.alias("newest")
        same = (fault.skill_id == newest.c.skill_id) & (fault.version == newest.c.version)
        query = (
            select(fault.position, fault.run, fault.outcome)
            .join(newest, same & (fault.period == newest.c.period))
            .where(
                newest.c.position == position,
                fault.position <= position,
                fault.run > newest.c.run - runs,
            )
            .order_by(fault.position)
        )
        return [Fault(*row) for row in connection.execute(query)]

    def _installed(self, fact: Fact[SkillInstalled], rows: Rows) -> None:
        """Begin to count; who installs a release again that was removed goes on counting."""
        rows.ensure(self.tally, fact.event.skill_id, fact.event.version, period=0, runs=0)

    def _enabled(self, fact: Fact[SkillEnabled], rows: Rows) -> None:
        release = (fact.event.skill_id, fact.event.version)
        rows.revise(self.tally, *release, by=lambda tally: {"period": tally["period"] + 1})

    def _ran(self, fact: Fact[AttemptSucceeded | AttemptFailed | PluginInvoked], rows: Rows) -> None:
        run = fact.event.invocation
        if run is None:
            return
        release = (run.skill_id, run.skill_version)
        rows.revise(self.tally, *release, by=lambda tally: {"runs": tally["runs"] + 1})
        if is_fault(run):
            fault = {
                "position": fact.position,
                "skill_id": run.skill_id,
                "version": run.skill_version,
                "outcome": run.outcome,
            }
            rows.add_about(
                self.fault,
                self.tally,
                *release,
                values=lambda tally: {**fault, "period": tally["period"], "run": tally["runs"]},
            )
