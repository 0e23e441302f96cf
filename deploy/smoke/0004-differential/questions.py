"""Random questions of every kind about one collection, as the client's models."""

from datetime import datetime, timezone

from edge_queries import listed
from generator import TYPED
from later import IdfParams, SearchParams, filter_of
from qdrant_client import models


class Shape:
    """The vectors of a collection: what they are, and random ones."""

    def __init__(self, rng, vectors, sparse):
        self.rng, self.vectors, self.sparse = rng, vectors, sparse
        self.names = [*vectors, *sparse]

    def vector(self, name):
        if name in self.sparse:
            indices = self.rng.sample([0, 1, 2, 3, 5, 8, 2**31, 2**32 - 1], self.rng.randint(1, 5))
            return models.SparseVector(indices=indices, values=[self.rng.gauss(0, 1) for _ in indices])
        if self.vectors[name].multivector_config:
            return [self.row(name) for _ in range(self.rng.randint(1, 4))]
        return self.row(name)

    def row(self, name):
        params = self.vectors[name]
        is_whole = params.datatype == models.Datatype.UINT8
        return [self.rng.uniform(0, 255) if is_whole else self.rng.gauss(0, 1) for _ in range(params.size)]

    def all(self, share=0.9):
        """Vectors of a point, most names."""
        if self.names == [""]:
            return self.vector("")
        return {name: self.vector(name) for name in self.names if self.rng.random() < share}


class Questions:
    """Makes questions; `ids` names the points that have a vector, `passing` counts those that pass a filter."""

    def __init__(self, rng, shape, filters, ids, collections, ordered, passing):
        self.rng, self.shape, self.filters, self.ids, self.ordered, self.passing = rng, shape, filters, ids, ordered, passing
        self.own, self.other = collections

    def lookup(self, using):
        """Where examples come from: mostly here, from the vector that is asked of; else from a vector of the same form."""
        if self.rng.random() < 0.8:
            return None
        like = [name for name in "abh" if name in self.shape.vectors] if using and using in "abh" else [using]
        vector = self.rng.choice([None, *like]) if using else None
        return models.LookupLocation(collection=self.rng.choice([self.own, self.other]), vector=vector)

    def example(self, using, lookup):
        if self.rng.random() < 0.4:
            return self.rng.choice(self.ids(lookup, using))
        return self.shape.vector(using)

    def examples(self, using, lookup, least, most):
        return [self.example(using, lookup) for _ in range(self.rng.randint(least, most))]

    def pairs(self, using, lookup, least=1):
        side = lambda: self.example(using, lookup)
        return [models.ContextPair(positive=side(), negative=side()) for _ in range(self.rng.randint(least, 3))]

    def filter(self, share=0.5):
        """Mostly one that some points pass."""
        if self.rng.random() > share:
            return None
        for _ in range(6):
            made = self.filters.filter(self.rng.choice([0, 1, 2]))
            if self.passing(made) > 8:
                break
        return made

    def by_vectors(self, using, lookup):
        """A query that compares vectors."""
        rng, one = self.rng, lambda: self.example(using, lookup)
        some = lambda least, most: self.examples(using, lookup, least, most)
        nearest = lambda: rng.choice([one, one, lambda: models.NearestQuery(nearest=one())])()
        recommend = lambda positive, negative, strategies: models.RecommendQuery(recommend=models.RecommendInput(
            positive=positive or None, negative=negative or None, strategy=rng.choice(strategies)))
        scored = [models.RecommendStrategy.BEST_SCORE, models.RecommendStrategy.SUM_SCORES]
        return rng.choice([
            nearest, nearest, nearest,
            lambda: recommend(some(1, 3), some(0, 2), [None, models.RecommendStrategy.AVERAGE_VECTOR]),
            lambda: recommend(some(1, 3), some(0, 3), scored),
            lambda: recommend(None, some(1, 3), scored),
            lambda: models.DiscoverQuery(discover=models.DiscoverInput(target=one(), context=self.pairs(using, lookup, 0))),
            lambda: models.ContextQuery(context=self.pairs(using, lookup)),
            lambda: models.RelevanceFeedbackQuery(relevance_feedback=models.RelevanceFeedbackInput(
                target=one(),
                feedback=[
                    models.FeedbackItem(example=one(), score=round(rng.uniform(-1, 2), 3)) for _ in range(rng.randint(1, 4))],
                strategy=models.NaiveFeedbackStrategy(naive=models.NaiveFeedbackStrategyParams(
                    a=rng.choice([0.0, 1.0, rng.random()]), b=rng.choice([0.0, 1.0, rng.random()]), c=rng.random())))),
        ])()

    def diverse(self, using, lookup):
        limit = self.rng.choice([None, 1, 5, 20, 60])
        mmr = models.Mmr(diversity=self.rng.choice([None, 0.0, 0.3, 1.0]), candidates_limit=limit)
        return models.NearestQuery(nearest=self.example(using, lookup), mmr=mmr)

    def order(self):
        rng = self.rng
        key, kind = rng.choice(list(self.ordered.items()))
        starts = {"integer": 2, "float": 3.25, "datetime": datetime(2024, 1, 15, tzinfo=timezone.utc)}
        if rng.random() < 0.1:
            return key
        direction, start = rng.choice([None, *models.Direction]), rng.choice([None, starts[kind]])
        return models.OrderBy(key=key, direction=direction, start_from=start)

    def params(self, using):
        rng = self.rng
        if rng.random() < 0.4:
            return None
        shared = {"exact": rng.choice([None, True, False]), "hnsw_ef": rng.choice([None, 1, 500])}
        spec = self.shape.sparse.get(using)
        if spec is not None and spec.modifier == models.Modifier.IDF and rng.random() < 0.7:
            return SearchParams(**shared, idf=rng.choice(["global", IdfParams(corpus=self.filters.filter())]))
        return models.SearchParams(**shared)

    # levels

    def level(self, sources, has_using=True):
        """The words that a root and a prefetch share; thresholds come later."""
        rng = self.rng
        using = rng.choice(self.shape.names)
        lookup = self.lookup(using)
        made = {"using": using or None, "params": self.params(using), "lookup_from": lookup}
        kind = rng.random()
        if sources and kind < 0.3:
            return {"query": rng.choice([
                models.FusionQuery(fusion=models.Fusion.RRF), models.FusionQuery(fusion=models.Fusion.DBSF),
                models.RrfQuery(rrf=models.Rrf(k=rng.choice([None, 1, 2, 60]))),
                models.RrfQuery(rrf=models.Rrf(
                    k=rng.choice([None, 7]), weights=[round(rng.uniform(0, 3), 2) for _ in listed(sources)])),
            ])}
        if sources and kind < 0.55:
            defaults = {"missing": 2.5, "$score[1]": rng.choice([0.5, 3.0]), "$score[0]": -1.0}
            return {"query": models.FormulaQuery(formula=self.expression(), defaults=defaults)}
        if kind < 0.6 and self.ordered:
            return {"query": models.OrderByQuery(order_by=self.order())}
        if kind < 0.64 and not sources:
            return {"query": None}
        if kind < 0.7:
            return made | {"query": self.diverse(using, lookup)}
        return made | {"query": self.by_vectors(using, lookup)}

    def prefetch(self, depth):
        given = self.filter(0.3)
        given = filter_of(must=[given]) if given else None  # the engine mixes its `should` with that of the levels around it
        if self.rng.random() < 0.04:
            return models.Prefetch(query=models.SampleQuery(sample=models.Sample.RANDOM), filter=given, limit=1000)
        sources = self.sources(depth - 1) if depth > 0 and self.rng.random() < 0.35 else None
        return models.Prefetch(
            **self.level(sources), prefetch=sources, filter=given, limit=self.rng.choice([None, 1, 5, 15, 40, 1000]))

    def sources(self, depth):
        made = [self.prefetch(depth) for _ in range(self.rng.randint(1, 3))]
        return made[0] if len(made) == 1 and self.rng.random() < 0.5 else made

    def question(self, depth=2):
        """A whole request; how much of it is wanted is up to who asks."""
        sources = self.sources(depth) if self.rng.random() < 0.45 else None
        return models.QueryRequest(
            **self.level(sources), prefetch=sources, filter=self.filter(), limit=self.rng.choice([None, 1, 5, 20, 500]),
            offset=self.rng.choice([None, None, None, 1, 7, 70]))

    # formulas, of numbers that gRPC's single floats can say

    def expression(self, depth=2):
        rng = self.rng
        leaf = [
            lambda: rng.randint(-128, 128) / 64, lambda: "$score", lambda: "$score[0]", lambda: "$score[1]", lambda: "number",
            lambda: "price", lambda: "size", lambda: "missing",
            lambda: rng.choice([
                models.FieldCondition(key="city", match=models.MatchValue(value="Rome")), models.HasIdCondition(has_id=[1, 2, 3]),
                models.FieldCondition(key=rng.choice(TYPED), is_empty=True), self.filters.filter(1)]),
            lambda: models.GeoDistance(geo_distance=models.GeoDistanceParams(
                origin=models.GeoPoint(lon=rng.uniform(-9, 9), lat=3.0), to="place")),
            lambda: models.DatetimeKeyExpression(datetime_key="day"),
            lambda: models.DatetimeExpression(
                datetime=rng.choice(["2024-01-05T00:00:00Z", "2024-01-05", "2024-01-05T01:00:00+02:00"])),
        ]
        if depth == 0:
            return rng.choice(leaf)()
        sub = lambda: self.expression(depth - 1)
        positive = lambda: models.SumExpression(sum=[1.5, models.AbsExpression(abs=sub())])
        decay = lambda: models.DecayParamsExpression(
            x=sub(), target=rng.choice([None, 3.0, sub()]), scale=rng.choice([None, 5.0, 1e6]), midpoint=rng.choice([None, 0.25]))
        return rng.choice(leaf[:9] + [
            lambda: models.SumExpression(sum=[sub() for _ in range(rng.randint(1, 3))]),
            lambda: models.MultExpression(mult=[sub() for _ in range(rng.randint(1, 3))]),
            lambda: models.NegExpression(neg=sub()),
            lambda: models.DivExpression(
                div=models.DivParams(left=sub(), right=positive(), by_zero_default=rng.choice([None, 1.0]))),
            lambda: models.DivExpression(div=models.DivParams(left=sub(), right=rng.choice(["size", 0.0]), by_zero_default=2.0)),
            lambda: models.SqrtExpression(sqrt=positive()),
            lambda: models.PowExpression(pow=models.PowParams(base=positive(), exponent=rng.choice([0.5, 2.0]))),
            lambda: models.LnExpression(ln=positive()),
            lambda: models.Log10Expression(log10=positive()),
            lambda: models.ExpExpression(exp=models.NegExpression(neg=positive())),
            lambda: models.AbsExpression(abs=sub()),
            lambda: models.LinDecayExpression(lin_decay=decay()),
            lambda: models.ExpDecayExpression(exp_decay=decay()),
            lambda: models.GaussDecayExpression(gauss_decay=decay()),
        ])()
