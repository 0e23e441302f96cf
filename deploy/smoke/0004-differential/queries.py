"""Random queries of many kinds against Eddy over REST, over gRPC, and the client's in-memory mode: the same rankings.

A second oracle for what reads.py asks, too, and for groups, facets and matrices, which the first one has not. It is
`QdrantClient(":memory:")` of pip `qdrant-client`, plain numpy. Where it is not asked, and why:
- the order of equal scores, which the contract leaves open: answers are compared by scores, and ids by their own score.
- `score_threshold` of best_score and context with a distance: the server keeps small scores there (a quirk), numpy large.
- fusion by rank over lists with equal scores: which of them comes first decides the sums. Vectors here are all different.
- MMR with an offset: Eddy takes the offset of what was chosen, numpy that of the candidates; and MMR by Manhattan, where
  whole regions are equally good choices.
- filters of what has prefetches: the server passes them on to the prefetches, numpy does not.
- ids inside prefetches: the server leaves them out on every level, numpy on their own only.
- relevance feedback by a distance: numpy puts the smallest scores first, by the contract the largest come first.
- prefetches of a query by groups: numpy makes them as large as the collection, so here they are.
"""

from collections import Counter
from datetime import datetime, timezone

from qdrant_client import QdrantClient, models

POINTS = 80
EVERYTHING = 1_000
KINDS = ["city", "size", "parts", "none"]


def close(a, b):
    return abs(a - b) <= 2e-4 * (1 + abs(b))


class Queries:
    """One collection of one random shape, in the oracle and in Eddy."""

    def __init__(self, rng, ways, number):
        self.rng, self.ways, self.differences, self.asked = rng, ways, [], Counter()
        distances = list(models.Distance)
        self.distances = {"a": distances[number % 4], "b": distances[(number + 1) % 4]}
        self.oracle = QdrantClient(":memory:")
        self.name = f"{ways[0].name}-queries"
        self.points = [self.point(i) for i in range(POINTS)]
        vectors = {name: models.VectorParams(size=4, distance=d) for name, d in self.distances.items()}
        for client, name in self.all():
            client.delete_collection(name)
            client.create_collection(name, vectors_config=vectors, shard_number=rng.choice([1, 3]))
            client.upsert(name, self.points, wait=True)
        for key, kind in (("size", "integer"), ("price", "float"), ("city", "keyword"), ("day", "datetime")):
            ways[0].client.create_payload_index(self.name, key, field_schema=kind, wait=True)

    def __str__(self):
        return str(self.distances)

    def all(self):
        return [(self.oracle, "oracle"), (self.ways[0].client, self.name)]

    def close(self):
        for client, name in self.all():
            client.delete_collection(name)

    def vector(self):
        return [self.rng.gauss(0, 1) for _ in range(4)]

    def point(self, i):
        rng = self.rng
        payload = {"n": i, "price": round(rng.uniform(0.1, 9), 3), "city": rng.choice(["Rome", "Oslo", "Bonn"]),
                   "size": rng.randrange(6), "place": {"lon": rng.uniform(-20, 20), "lat": rng.uniform(-20, 20)},
                   "day": datetime(2024, 1, 1 + rng.randrange(28), tzinfo=timezone.utc).isoformat(),
                   "parts": [rng.choice(["x", "y", "z"]) for _ in range(rng.randrange(3))]}
        return models.PointStruct(id=i, vector={"a": self.vector(), "b": self.vector()}, payload=payload)

    # questions

    def example(self):
        return self.rng.randrange(POINTS) if self.rng.random() < 0.5 else self.vector()

    def examples(self, least, most):
        ids = self.rng.sample(range(POINTS), most)
        return [id if self.rng.random() < 0.5 else self.vector() for id in ids[:self.rng.randint(least, most)]]

    def pairs(self, least=1):
        ids = iter(self.rng.sample(range(POINTS), 6))
        side = lambda: next(ids) if self.rng.random() < 0.5 else self.vector()
        return [models.ContextPair(positive=side(), negative=side()) for _ in range(self.rng.randint(least, 3))]

    def filter(self):
        if self.rng.random() < 0.5:
            return None
        return models.Filter(must=[models.FieldCondition(key="n", range=models.Range(gte=self.rng.randrange(40)))])

    def ranked(self, using):
        """A query that ranks all points by vectors."""
        rng = self.rng
        is_similarity = self.distances[using] in (models.Distance.COSINE, models.Distance.DOT)
        return rng.choice([
            lambda: models.NearestQuery(nearest=self.example()),
            lambda: models.RecommendQuery(recommend=models.RecommendInput(
                positive=self.examples(1, 3), negative=self.examples(0, 2),
                strategy=rng.choice([None, models.RecommendStrategy.AVERAGE_VECTOR]))),
            lambda: models.RecommendQuery(recommend=models.RecommendInput(
                positive=self.examples(0, 3), negative=self.examples(1, 2),
                strategy=rng.choice([models.RecommendStrategy.BEST_SCORE, models.RecommendStrategy.SUM_SCORES]))),
            lambda: models.DiscoverQuery(discover=models.DiscoverInput(target=self.example(), context=self.pairs())),
            lambda: models.ContextQuery(context=self.pairs()),
        ] + ([
            lambda: models.RelevanceFeedbackQuery(relevance_feedback=models.RelevanceFeedbackInput(
                target=self.vector(),
                feedback=[models.FeedbackItem(example=self.vector(), score=rng.random()) for _ in range(rng.randint(1, 3))],
                strategy=models.NaiveFeedbackStrategy(
                    naive=models.NaiveFeedbackStrategyParams(a=rng.random(), b=rng.random(), c=rng.random())))),
        ] if is_similarity else []))()

    def prefetch(self, depth=1):
        inner = [self.prefetch(depth - 1)] if depth > 0 and self.rng.random() < 0.3 else None
        return models.Prefetch(
            query=models.NearestQuery(nearest=self.vector()), using=self.rng.choice("ab"), prefetch=inner,
            filter=None if inner else self.filter(), limit=self.rng.randint(1, 40))

    def expression(self, depth=2):
        rng = self.rng
        leaf = [
            lambda: round(rng.uniform(-2, 2), 2), lambda: "$score", lambda: "$score[1]", lambda: "n", lambda: "price",
            lambda: "missing",
            lambda: models.FieldCondition(key="city", match=models.MatchValue(value="Rome")),
            lambda: models.GeoDistance(geo_distance=models.GeoDistanceParams(
                origin=models.GeoPoint(lon=rng.uniform(-9, 9), lat=3.0), to="place")),
            lambda: models.DatetimeKeyExpression(datetime_key="day"),
            lambda: models.DatetimeExpression(datetime="2024-01-05T00:00:00Z"),
        ]
        if depth == 0:
            return rng.choice(leaf)()
        sub = lambda: self.expression(depth - 1)
        positive = lambda: models.SumExpression(sum=[1.5, models.AbsExpression(abs=sub())])
        decay = lambda: models.DecayParamsExpression(x=sub(), target=rng.choice([None, 3.0]), scale=rng.choice([None, 5.0]),
                                                     midpoint=rng.choice([None, 0.3]))
        return rng.choice(leaf[:7] + [
            lambda: models.SumExpression(sum=[sub(), sub()]),
            lambda: models.MultExpression(mult=[sub(), sub()]),
            lambda: models.NegExpression(neg=sub()),
            lambda: models.DivExpression(div=models.DivParams(left=sub(), right=positive(), by_zero_default=1.0)),
            lambda: models.SqrtExpression(sqrt=positive()),
            lambda: models.PowExpression(pow=models.PowParams(base=positive(), exponent=rng.choice([0.5, 2.0]))),
            lambda: models.LnExpression(ln=positive()),
            lambda: models.Log10Expression(log10=positive()),
            lambda: models.ExpExpression(exp=models.NegExpression(neg=positive())),
            lambda: models.LinDecayExpression(lin_decay=decay()),
            lambda: models.ExpDecayExpression(exp_decay=decay()),
            lambda: models.GaussDecayExpression(gauss_decay=decay()),
        ])()

    def question(self):
        """Arguments of query_points, limit and offset aside."""
        rng = self.rng
        kind = rng.random()
        asked = {"query_filter": self.filter(), "with_payload": ["n"]}
        if kind < 0.4:
            using = rng.choice("ab")
            return asked | {"query": self.ranked(using), "using": using}
        if kind < 0.5:
            mmr = models.Mmr(diversity=rng.choice([None, 0.0, 0.3, 1.0]), candidates_limit=rng.choice([20, 60]))
            using = next(name for name, d in self.distances.items() if d != models.Distance.MANHATTAN)
            return asked | {"query": models.NearestQuery(nearest=self.vector(), mmr=mmr), "using": using}
        prefetch = [self.prefetch() for _ in range(rng.randint(1, 3))]
        asked |= {"prefetch": prefetch, "query_filter": None}
        if kind < 0.6:
            return asked | {"query": models.NearestQuery(nearest=self.vector()), "using": rng.choice("ab")}
        if kind < 0.75:
            defaults = {"missing": 2.5, "$score[1]": rng.choice([0.5, 3.0])}
            return asked | {"query": models.FormulaQuery(formula=self.expression(), defaults=defaults)}
        return asked | {"query": rng.choice([
            models.FusionQuery(fusion=models.Fusion.RRF), models.FusionQuery(fusion=models.Fusion.DBSF),
            models.RrfQuery(rrf=models.Rrf(k=rng.randint(1, 60))),
            models.RrfQuery(rrf=models.Rrf(weights=[round(rng.uniform(0.1, 3), 2) for _ in prefetch])),
        ])}

    # comparisons

    def differ(self, way, what, wanted, got):
        self.differences.append(f"  {way.way}: {what}\n    wanted {wanted}\n    got    {got}")

    def query(self):
        question, limit, offset = self.question(), self.rng.choice([1, 5, 30]), self.rng.choice([0, 0, 3])
        is_diverse = getattr(question["query"], "mmr", None) is not None
        offset = 0 if is_diverse else offset
        ask = lambda client, name, limit, offset: self.outcome(lambda: client.query_points(
            name, limit=limit, offset=offset, search_params=models.SearchParams(exact=True), **question).points)
        wanted = ask(self.oracle, "oracle", limit if is_diverse else EVERYTHING, 0)
        for way in self.ways:
            got = ask(way.client, self.name, limit, offset)
            if wanted is None or got is None:
                if wanted is not got:
                    self.differ(way, f"query {question!r}", wanted, got)
                continue
            page = wanted[offset:][:limit]
            scores = {p.id: p.score for p in wanted}
            right = len(got) == len(page) == len({p.id for p in got}) and all(
                close(g.score, w.score) and g.id in scores and close(g.score, scores[g.id]) and g.payload == {"n": g.id}
                and (not is_diverse or g.id == w.id) for g, w in zip(got, page))
            if not right:
                shown = lambda hits: [(p.id, p.score) for p in hits]
                self.differ(way, f"query {question!r} limit {limit} offset {offset}", shown(page), shown(got))

    @staticmethod
    def outcome(run):
        """The answer; None where the formula has none."""
        try:
            return run()
        except Exception as e:
            text = str(getattr(e, "details", lambda: e)()) if hasattr(e, "details") else str(e)
            if "non-finite" in text or "math domain" in text or "out of range" in text:
                return None
            raise

    def groups(self):
        rng = self.rng
        key, size, limit, given = rng.choice(KINDS), rng.randint(1, 4), rng.randint(1, 5), self.filter()
        using = rng.choice("ab")
        query = self.ranked(using) if rng.random() < 0.5 else models.NearestQuery(nearest=self.vector())
        if isinstance(query, models.ContextQuery):
            return  # many scores of 0 each: which group is first is open
        ask = lambda client, name: client.query_points_groups(
            name, group_by=key, query=query, using=using, query_filter=given, group_size=size, limit=limit).groups
        shown = lambda groups: [(g.id, [(h.id, round(h.score, 3)) for h in g.hits]) for g in groups]
        wanted = ask(self.oracle, "oracle")
        for way in self.ways:
            got = ask(way.client, self.name)
            # A point in several groups makes them start with one score: their order is open.
            same = len(wanted) == len(got) and all(
                close(w.hits[0].score, g.hits[0].score) for w, g in zip(wanted, got))
            if same and key != "parts":
                same = all(w.id == g.id and len(w.hits) == len(g.hits) and all(
                    close(a.score, b.score) for a, b in zip(w.hits, g.hits)) for w, g in zip(wanted, got))
            if not same:
                self.differ(way, f"groups {key} {query!r} {given!r} {size} {limit}", shown(wanted), shown(got))

    def order(self):
        rng = self.rng
        key, given, limit = rng.choice(["size", "price", "day"]), self.filter(), rng.choice([3, 20, EVERYTHING])
        start = {"size": 3, "price": 4.5, "day": "2024-01-10T00:00:00Z"}[key]
        ordering = models.OrderBy(key=key, direction=rng.choice(list(models.Direction)), start_from=rng.choice([None, start]))
        ask = lambda client, name: client.scroll(name, scroll_filter=given, order_by=ordering, limit=limit)[0]
        values = lambda points: [p.payload[key] for p in points]
        wanted = values(ask(self.oracle, "oracle"))
        for way in self.ways:
            for got in (
                    ask(way.client, self.name),
                    way.client.query_points(self.name, query=models.OrderByQuery(order_by=ordering),
                                            query_filter=given, limit=limit).points):
                if values(got) != wanted:
                    self.differ(way, f"order {ordering!r} {given!r}", wanted, values(got))

    def facet(self):
        key, given, limit = self.rng.choice(["size", "city"]), self.filter(), self.rng.choice([2, 10])
        ask = lambda client, name: [(h.value, h.count) for h in client.facet(
            name, key, facet_filter=given, limit=limit, exact=True).hits]
        wanted = ask(self.oracle, "oracle")
        for way in self.ways:
            got = ask(way.client, self.name)
            if got != wanted:
                self.differ(way, f"facet {key} {given!r}", wanted, got)

    def matrix(self):
        """Of a sample as large as the collection chance decides nothing."""
        using, given, limit = self.rng.choice("ab"), self.filter(), self.rng.choice([1, 4])
        ask = lambda client, name: client.search_matrix_pairs(
            name, query_filter=given, sample=EVERYTHING, limit=limit, using=using).pairs
        rows = lambda pairs: {a: [p.score for p in pairs if p.a == a] for a in {p.a for p in pairs}}
        wanted = rows(ask(self.oracle, "oracle"))
        for way in self.ways:
            got = rows(ask(way.client, self.name))
            if wanted.keys() != got.keys() or not all(
                    len(wanted[a]) == len(got[a]) and all(map(close, wanted[a], got[a])) for a in wanted):
                self.differ(way, f"matrix {using} {given!r} {limit}", wanted, got)

    def sample(self):
        given, limit = self.filter(), self.rng.choice([5, EVERYTHING])
        ask = lambda client, name: [p.id for p in client.query_points(
            name, query=models.SampleQuery(sample=models.Sample.RANDOM), query_filter=given, limit=limit).points]
        wanted = ask(self.oracle, "oracle")
        for way in self.ways:
            got = ask(way.client, self.name)
            if len(got) != len(wanted) or len(set(got)) != len(got) or (limit == EVERYTHING and set(got) != set(wanted)):
                self.differ(way, f"sample {given!r}", wanted, got)

    def run(self, operations):
        for _ in range(operations):
            self.asked["second oracle"] += 1
            self.rng.choice([self.query] * 6 + [self.groups, self.groups, self.order, self.facet, self.matrix, self.sample])()
