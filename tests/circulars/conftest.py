import pytest

from tests.bed.world import World
from tests.reports.desk import Desk
from tests.talks.bench import bench


@pytest.fixture
def kind() -> str:
    """SQLite, unless a test says `on_either`."""
    return "sqlite"


@pytest.fixture
def desk(world: World) -> Desk:
    return bench(world)
