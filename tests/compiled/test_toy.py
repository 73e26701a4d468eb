"""Generated operations over random worlds: compiled or not, the answer is the same."""

from random import Random

from hypothesis import given, seed
from hypothesis import strategies as st

from tests.compiled import toy
from tests.compiled.comparing import BothWays, compare_many
from tests.reads.bed import EXAMPLES, Bed
from tests.reads.levels import quick
from tests.reads.toy import World, worlds
from tests.reads.toy_schema import schema


def test_generated_operations_have_the_same_answer_both_ways(bed: Bed) -> None:
    both = BothWays(schema)

    @seed(1)
    @quick(EXAMPLES // 3)
    @given(world=worlds(), drawn=st.integers(0, 2**32))
    def run(world: World, drawn: int) -> None:
        async def compare() -> None:
            operations, contexts = await toy.operations(bed), toy.contexts(bed, world.units)
            await compare_many(both, operations, contexts, Random(drawn), 12)

        bed.fill(world.rows)
        bed.run(compare())

    run()
    both.tally.check()
