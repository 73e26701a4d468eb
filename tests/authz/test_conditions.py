"""Each condition, and its negation, means the same in Python and in SQL: the dense test."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.authz.bed import DIALECTS, Bed, examples, open_bed
from tests.authz.readings import dense_differences
from tests.authz.toy import Base, World, worlds


@pytest.fixture(scope="module", params=DIALECTS)
def bed(request: pytest.FixtureRequest) -> Iterator[Bed]:
    with open_bed(request.param, Base.metadata, "authz_conditions") as opened:
        yield opened


@settings(max_examples=examples(40, 2000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds(most_actors=2))
def test_every_condition_reads_alike_in_python_and_sql(bed: Bed, world: World) -> None:
    assert dense_differences(bed, world) == []
