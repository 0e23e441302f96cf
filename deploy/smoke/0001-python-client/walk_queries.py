"""Every kind of query, on the six points of the library."""

from qdrant_client import models

from library import (
    IDS,
    PAGE,
    PAGE_SCORES,
    PLOT,
    PLOT_SCORES,
    PLOTS,
    UUID,
    WORD,
    WORD_SCORES,
    has,
    match,
    reciprocal_ranks,
)

PREFETCHES = [models.Prefetch(query=PLOT, using="plot"), models.Prefetch(query=WORD, using="words")]


def check(found, expected, what):
    assert [point.id for point in found] == list(expected), (what, found)
    for point, score in zip(found, expected.values()):
        assert abs(point.score - score) < 1e-5, (what, point.id, point.score, score)


async def walk_queries(client, name):
    async def ask(query, **named):
        return (await client.query_points(name, query=query, **named)).points

    check(await ask(PLOT, using="plot"), PLOT_SCORES, "dense")
    check(await ask(WORD, using="words"), WORD_SCORES, "sparse")
    check(await ask(PAGE, using="pages"), PAGE_SCORES, "multivector")
    red = has(match("colour", "red"))
    check(await ask(PLOT, using="plot", query_filter=red), {UUID: 7, 1: 4, 3: 1}, "filtered")
    exact = models.SearchParams(exact=True, hnsw_ef=32)
    check(await ask(PLOT, using="plot", search_params=exact, limit=2, offset=1), {4: 6, 1: 4}, "page")
    check(await ask(PLOT, using="plot", score_threshold=3.5), {UUID: 7, 4: 6, 1: 4}, "threshold")
    best = (await ask(PLOT, using="plot", limit=1, with_payload=["n"], with_vectors=["plot"]))[0]
    assert best.payload == {"n": 6} and best.vector == {"plot": [1, 1, 1]} and best.version >= 0, best
    check(await ask(4, using="plot", limit=1), {UUID: 2}, "an id as query")
    await walk_examples(ask)
    await walk_stages(ask)
    assert [point.id for point in await ask(None)] == IDS
    sample = await ask(models.SampleQuery(sample=models.Sample.RANDOM), limit=4)
    assert len({str(point.id) for point in sample}) == 4, sample
    await walk_batches_and_groups(client, name)
    await walk_matrices(client, name)


async def walk_examples(ask):
    recommend = models.RecommendInput(positive=[1], negative=[3])
    check(await ask(models.RecommendQuery(recommend=recommend), using="plot"), {4: 2, UUID: 1, 2: 0, 5: -1}, "average")
    scores = {point: 0.5 * (score / (1 + score) + 1) for point, score in PLOT_SCORES.items()}
    recommend = models.RecommendInput(positive=[PLOT], strategy=models.RecommendStrategy.BEST_SCORE)
    check(await ask(models.RecommendQuery(recommend=recommend), using="plot"), scores, "best score")
    recommend = models.RecommendInput(positive=[PLOT, PLOT], strategy=models.RecommendStrategy.SUM_SCORES)
    doubled = {point: 2 * score for point, score in PLOT_SCORES.items()}
    check(await ask(models.RecommendQuery(recommend=recommend), using="plot"), doubled, "sum of scores")
    pair = models.ContextPair(positive=1, negative=3)
    discover = models.DiscoverQuery(discover=models.DiscoverInput(target=PLOT, context=[pair]))
    found = await ask(discover, using="plot")
    assert (found[0].id, found[-1].id, len(found)) == (4, 5, 4), found
    assert abs(found[0].score - (1 + 0.5 * (6 / 7 + 1))) < 1e-5, found
    found = await ask(models.ContextQuery(context=[pair]), using="plot")
    assert (found[0].id, found[0].score, found[-1].id) == (4, 0, 5), found
    feedback = models.RelevanceFeedbackInput(
        target=PLOT,
        feedback=[models.FeedbackItem(example=4, score=0.9), models.FeedbackItem(example=3, score=0.1)],
        strategy=models.NaiveFeedbackStrategy(naive=models.NaiveFeedbackStrategyParams(a=1.0, b=1.0, c=0.0)),
    )
    without_examples = {point: score for point, score in PLOT_SCORES.items() if point not in (3, 4)}
    asked = models.RelevanceFeedbackQuery(relevance_feedback=feedback)
    check(await ask(asked, using="plot"), without_examples, "feedback")
    mmr = models.NearestQuery(nearest=PLOT, mmr=models.Mmr(diversity=0.0, candidates_limit=6))
    check(await ask(mmr, using="plot", limit=6), PLOT_SCORES, "mmr")


async def walk_stages(ask):
    fused = reciprocal_ranks(PLOT_SCORES, WORD_SCORES)
    check(await ask(models.FusionQuery(fusion=models.Fusion.RRF), prefetch=PREFETCHES), fused, "rrf")
    weighted = models.RrfQuery(rrf=models.Rrf(k=2, weights=[1.0, 0.0]))
    found = await ask(weighted, prefetch=PREFETCHES, limit=2)
    check(found, {UUID: 0.5, 4: 1 / 3}, "weighted rrf")
    found = await ask(models.FusionQuery(fusion=models.Fusion.DBSF), prefetch=PREFETCHES)
    assert {str(point.id) for point in found} == {str(i) for i in IDS}, found
    formula = models.FormulaQuery(
        formula=models.SumExpression(
            sum=["$score", models.MultExpression(mult=[10.0, match("colour", "red")]), "price"]
        ),
        defaults={"price": 100.0},
    )
    prices = {UUID: -1.0, 1: 10.5, 2: 20.0, 3: 30.25}
    reds = (1, 3, UUID)
    expected = {i: PLOT_SCORES[i] + (10 if i in reds else 0) + prices.get(i, 100.0) for i in IDS}
    expected = dict(sorted(expected.items(), key=lambda entry: -entry[1]))
    check(await ask(formula, prefetch=models.Prefetch(query=PLOT, using="plot")), expected, "formula")
    nested = models.Prefetch(prefetch=PREFETCHES, query=models.FusionQuery(fusion=models.Fusion.RRF), limit=2)
    check(await ask(PLOT, using="plot", prefetch=nested), {4: 6, 1: 4}, "nested")


async def walk_batches_and_groups(client, name):
    requests = [
        models.QueryRequest(query=PLOT, using="plot", limit=2),
        models.QueryRequest(query=WORD, using="words", with_payload=["n"], filter=has(match("n", 3))),
    ]
    first, second = await client.query_batch_points(name, requests, consistency=1, timeout=20)
    check(first.points, {UUID: 7, 4: 6}, "batch")
    check(second.points, {3: 3}, "batch")
    assert second.points[0].payload == {"n": 3}
    answer = await client.query_points_groups(
        name, "colour", query=PLOT, using="plot", group_size=2, limit=2, with_payload=["colour"]
    )
    assert [group.id for group in answer.groups] == ["red", "blue"], answer
    check(answer.groups[0].hits, {UUID: 7, 1: 4}, "groups")
    check(answer.groups[1].hits, {4: 6}, "groups")
    looked_up = await client.query_points_groups(
        name,
        "n",
        query=PLOT,
        using="plot",
        group_size=1,
        limit=3,
        with_lookup=models.WithLookup(collection=name, with_payload=["colour"], with_vectors=["plot"]),
    )
    # Groups are named by n; the point with the number is looked up, n = 6 has none.
    assert [(group.id, group.lookup and group.lookup.id) for group in looked_up.groups] == [(6, None), (4, 4), (1, 1)]
    assert looked_up.groups[1].lookup.payload == {"colour": "blue"}, looked_up
    assert looked_up.groups[1].lookup.vector == {"plot": [1, 1, 0]}, looked_up


def product(one, other):
    return sum(a * b for a, b in zip(PLOTS[one], PLOTS[other]))


async def walk_matrices(client, name):
    answer = await client.search_matrix_pairs(name, using="plot", sample=6, limit=5)
    assert len(answer.pairs) == 30, answer
    for pair in answer.pairs:
        assert pair.a != pair.b and pair.score == product(pair.a, pair.b), pair
    reds = has(match("colour", "red"))
    answer = await client.search_matrix_offsets(name, using="plot", sample=10, limit=5, query_filter=reds)
    assert {str(i) for i in answer.ids} == {"1", "3", UUID} and len(answer.scores) == 6, answer
    for row, column, score in zip(answer.offsets_row, answer.offsets_col, answer.scores):
        assert score == product(answer.ids[row], answer.ids[column]), answer
