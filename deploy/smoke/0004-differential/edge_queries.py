"""Queries of every kind for the independent engine of oracle.py, from the client's models.

The engine takes vectors only. So examples are looked up here, and by the contract: those of the collection itself are left
out of the answer on every level, those of another collection are not; the average of recommendations is made here, too.
"""

import math
import uuid

import qdrant_edge as edge
from later import IdfParams
from oracle import EVERYTHING, native, plain_id
from qdrant_client import models

DECAYS = {"LinDecayExpression": ("lin_decay", edge.DecayKind.Lin), "ExpDecayExpression": ("exp_decay", edge.DecayKind.Exp),
          "GaussDecayExpression": ("gauss_decay", edge.DecayKind.Gauss)}
DIRECTIONS = {models.Direction.ASC: edge.Direction.Asc, models.Direction.DESC: edge.Direction.Desc, None: None}


def is_id(example):
    return isinstance(example, (int, str, uuid.UUID))


def listed(given):
    return [] if given is None else given if isinstance(given, list) else [given]


def mean(vectors):
    return [sum(column) / len(vectors) for column in zip(*vectors)]


def average(positive, negative):
    """What `average_vector` asks with, by the contract: the positive average, once more, less the negative one."""
    if hasattr(positive[0], "indices"):
        spread = lambda vectors, index: sum(
            dict(zip(v.indices, v.values)).get(index, 0) for v in vectors) / max(len(vectors), 1)
        indices = sorted({i for v in positive + negative for i in v.indices})
        twice = 2 if negative else 1
        return models.SparseVector(
            indices=indices, values=[twice * spread(positive, i) - spread(negative, i) for i in indices])
    if isinstance(positive[0][0], list):
        return [row for v in positive for row in v] + [[-x for x in row] for v in negative for row in v]
    if not negative:
        return mean(positive)
    return [2 * p - n for p, n in zip(mean(positive), mean(negative))]


class EdgeQueries:
    """Answers the client's query requests by the engine; `others` are the collections that can be looked up from."""

    def __init__(self, oracle, name, others):
        self.oracle, self.name, self.others = oracle, name, others
        self.stored = {id: vectors for id, _, vectors in oracle.everything()}

    def ranking(self, request, limit=EVERYTHING, offset=None, with_payload=False, with_vector=False):
        """All hits of a request, its own limit and offset aside."""
        return [(plain_id(p.id), p) for p in self.oracle.shard.query(self.request(
            request, limit, offset, with_payload, with_vector))]

    def request(self, r, limit, offset, with_payload, with_vector):
        return edge.QueryRequest(
            limit=limit, offset=offset, query=self.query(r), prefetches=[self.prefetch(p) for p in listed(r.prefetch)] or None,
            filter=self.without(r), score_threshold=r.score_threshold, params=self.params(r.params),
            with_payload=with_payload, with_vector=with_vector)

    def prefetch(self, p):
        return edge.Prefetch(
            limit=p.limit or 10, query=self.query(p), prefetches=[self.prefetch(inner) for inner in listed(p.prefetch)] or None,
            filter=self.oracle.filter(p.filter), score_threshold=p.score_threshold, params=self.params(p.params))

    # what chance or equal scores would decide

    def alone(self, level, outer, ids):
        """The scores of all hits of one level as if it were the whole request."""
        others = [edge.Filter(must_not=[edge.HasIdCondition(set(ids))])] if ids else []
        filters = [self.oracle.filter(f) for f in outer if f is not None] + others
        return [p.score for p in self.oracle.shard.query(edge.QueryRequest(
            limit=EVERYTHING, query=self.query(level), filter=edge.Filter(must=filters) if filters else None,
            prefetches=[self.prefetch(p) for p in listed(level.prefetch)] or None, score_threshold=level.score_threshold,
            params=self.params(level.params)))]

    def is_definite(self, request):
        return self.is_definite_below(request, [request.filter], self.examples(request))

    def is_definite_below(self, level, outer, ids):
        """Whether no cut of a prefetch, and no rank that counts, falls between equal scores."""
        counts_ranks = isinstance(level.query, models.RrfQuery) or (
            isinstance(level.query, models.FusionQuery) and level.query.fusion == models.Fusion.RRF)
        for source in listed(level.prefetch):
            filters = [*outer, source.filter]
            if not self.is_definite_below(source, filters, ids):
                return False
            if isinstance(source.query, models.NearestQuery) and source.query.mmr is not None:
                continue  # its order is not that of the scores
            scores, limit = self.alone(source, filters, ids), source.limit or 10
            places = range(min(limit, len(scores) - 1)) if counts_ranks else [limit - 1] if limit < len(scores) else []
            if any(math.isclose(scores[at], scores[at + 1], rel_tol=1e-6, abs_tol=1e-9) for at in places):
                return False
        return True

    def params(self, given):
        asked = getattr(given, "idf", None)
        corpus = edge.IdfParams(self.oracle.filter(asked.corpus)) if isinstance(asked, IdfParams) else None
        return edge.SearchParams(exact=True, idf=corpus)

    def without(self, r):
        given, ids = self.oracle.filter(r.filter), self.examples(r)
        if not ids:
            return given
        others = edge.Filter(must_not=[edge.HasIdCondition(set(ids))])
        return edge.Filter(must=[given, others]) if given else others

    def examples(self, level):
        """The ids of a level and of those below it that are examples from the collection itself."""
        found = [id for inner in listed(level.prefetch) for id in self.examples(inner)]
        if level.lookup_from is None or level.lookup_from.collection == self.name:
            found += [e for e in self.asked(level.query) if is_id(e)]
        return found

    @staticmethod
    def asked(q):
        sides = lambda pairs: [side for pair in listed(pairs) for side in (pair.positive, pair.negative)]
        if isinstance(q, models.NearestQuery):
            return [q.nearest]
        if isinstance(q, models.RecommendQuery):
            return listed(q.recommend.positive) + listed(q.recommend.negative)
        if isinstance(q, models.DiscoverQuery):
            return [q.discover.target] + sides(q.discover.context)
        if isinstance(q, models.ContextQuery):
            return sides(q.context)
        if isinstance(q, models.RelevanceFeedbackQuery):
            return [q.relevance_feedback.target] + [item.example for item in q.relevance_feedback.feedback]
        return [q] if is_id(q) else []

    def query(self, level):
        q, using = level.query, level.using or ""
        found = lambda example: self.vector(example, using, level.lookup_from)
        vector = lambda example: native(found(example))
        if isinstance(q, models.OrderByQuery):
            return self.ordering(q.order_by)
        if isinstance(q, models.SampleQuery):
            return edge.Sample.Random
        if isinstance(q, models.FusionQuery):
            return edge.Fusion.Rrf(2) if q.fusion == models.Fusion.RRF else edge.Fusion.Dbsf()
        if isinstance(q, models.RrfQuery):
            return edge.Fusion.Rrf(2 if q.rrf.k is None else q.rrf.k, q.rrf.weights)
        if isinstance(q, models.FormulaQuery):
            return edge.Formula(self.expression(q.formula), q.defaults or {})
        if q is None:
            return None
        return self.by_vectors(q, using or None, level, vector, found)

    def by_vectors(self, q, using, level, vector, found):
        context = lambda pairs: [edge.ContextPair(vector(p.positive), vector(p.negative)) for p in listed(pairs)]
        if isinstance(q, models.RecommendQuery):
            wanted, unwanted = listed(q.recommend.positive), listed(q.recommend.negative)
            if q.recommend.strategy in (None, models.RecommendStrategy.AVERAGE_VECTOR):
                return edge.Query.Nearest(native(average([found(e) for e in wanted], [found(e) for e in unwanted])), using)
            is_best = q.recommend.strategy == models.RecommendStrategy.BEST_SCORE
            make = edge.Query.RecommendBestScore if is_best else edge.Query.RecommendSumScores
            return make(edge.RecommendQuery([vector(e) for e in wanted], [vector(e) for e in unwanted]), using)
        if isinstance(q, models.DiscoverQuery):
            return edge.Query.Discover(edge.DiscoverQuery(vector(q.discover.target), context(q.discover.context)), using)
        if isinstance(q, models.ContextQuery):
            return edge.Query.Context(edge.ContextQuery(context(q.context)), using)
        if isinstance(q, models.RelevanceFeedbackQuery):
            given, naive = q.relevance_feedback, q.relevance_feedback.strategy.naive
            items = [edge.FeedbackItem(vector(item.example), item.score) for item in given.feedback]
            strategy = edge.NaiveFeedbackStrategy(naive.a, naive.b, naive.c)
            return edge.Query.FeedbackNaive(edge.FeedbackNaiveQuery(vector(given.target), items, strategy), using)
        if isinstance(q, models.NearestQuery) and q.mmr is not None:
            diversity = 0.5 if q.mmr.diversity is None else q.mmr.diversity
            candidates = q.mmr.candidates_limit or (level.limit or 10) + (getattr(level, "offset", None) or 0)
            return edge.Mmr(vector(q.nearest), 1 - diversity, candidates, using)
        return edge.Query.Nearest(vector(q.nearest if isinstance(q, models.NearestQuery) else q), using)

    def vector(self, example, using, lookup):
        if not is_id(example):
            return example
        where = self if lookup is None or lookup.collection == self.name else self.others[lookup.collection]
        name = lookup.vector if lookup is not None and lookup.vector is not None else using
        vectors = where.stored[plain_id(example)]
        return vectors if name == "" else vectors[name]

    def ordering(self, order_by):
        if isinstance(order_by, str):
            return edge.OrderBy(order_by)
        start = order_by.start_from
        start = start.isoformat() if hasattr(start, "isoformat") else start
        return edge.OrderBy(order_by.key, DIRECTIONS[order_by.direction], start)

    def expression(self, e):
        make, kind = edge.Expression, type(e).__name__
        if isinstance(e, (int, float)):
            return make.Constant(float(e))
        if isinstance(e, str):
            return make.Variable(e)
        if kind in DECAYS:
            name, decay = DECAYS[kind]
            of = getattr(e, name)
            target = None if of.target is None else self.expression(of.target)
            return make.Decay(decay, self.expression(of.x), target, of.midpoint, of.scale)
        many = lambda parts: [self.expression(part) for part in parts]
        makers = {
            "SumExpression": lambda: make.Sum(many(e.sum)), "MultExpression": lambda: make.Mult(many(e.mult)),
            "NegExpression": lambda: make.Neg(self.expression(e.neg)), "AbsExpression": lambda: make.Abs(self.expression(e.abs)),
            "DivExpression": lambda: make.Div(self.expression(e.div.left), self.expression(e.div.right), e.div.by_zero_default),
            "SqrtExpression": lambda: make.Sqrt(self.expression(e.sqrt)),
            "PowExpression": lambda: make.Pow(self.expression(e.pow.base), self.expression(e.pow.exponent)),
            "ExpExpression": lambda: make.Exp(self.expression(e.exp)), "LnExpression": lambda: make.Ln(self.expression(e.ln)),
            "Log10Expression": lambda: make.Log10(self.expression(e.log10)),
            "DatetimeExpression": lambda: make.Datetime(e.datetime),
            "DatetimeKeyExpression": lambda: make.DatetimeKey(e.datetime_key),
            "GeoDistance": lambda: make.GeoDistance(
                edge.GeoPoint(e.geo_distance.origin.lon, e.geo_distance.origin.lat), e.geo_distance.to),
        }
        return makers[kind]() if kind in makers else make.Condition(self.oracle.condition(e))
