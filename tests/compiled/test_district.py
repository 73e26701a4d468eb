"""Generated operations over a district with a case at every stage: compiled or not, the answer is the same."""

from random import Random

from tests.bed.opening import Ground
from tests.bed.world import World
from tests.compiled import district
from tests.compiled.comparing import BothWays, compare_many
from tests.reads.bed import DEEP

COUNT = 3000 if DEEP else 80


async def test_generated_operations_have_the_same_answer_both_ways(staged: World, ground: Ground) -> None:
    both = BothWays(ground.schema)
    operations, contexts = await district.operations(staged, ground.schema), await district.contexts(staged)
    await compare_many(both, operations, contexts, Random(2), COUNT)
    both.tally.check()
