"""Requests that are wrong in one way each: both ways refuse them for the same reason, with the contract's status."""

import messages
from later import IdfParams, SearchParams
from qdrant_client import models

MISSING = 987_654_321


def dense(shape):
    """A name whose vectors are one row of numbers."""
    return next(name for name, p in shape.vectors.items() if not p.multivector_config)


class Mistakes:
    """Makes wrong requests about one collection, each with the HTTP status that it earns."""

    def __init__(self, rng, shape, collection):
        self.rng, self.shape, self.collection = rng, shape, collection
        self.using = dense(shape)
        self.row = shape.row(self.using)

    def one(self):
        return self.rng.choice([self.query, self.query, self.query, self.grouped, self.other, self.old])()

    def request(self, query=None, **more):
        made = {"using": self.using or None} | more
        return models.QueryRequest.model_construct(query=query, **made)

    def query(self):
        row, near = self.row, models.NearestQuery(nearest=self.row)
        prefetch = models.Prefetch(query=row, using=self.using or None)
        rrf = models.FusionQuery(fusion=models.Fusion.RRF)
        bare = {"using": None}
        ranks = lambda **given: models.RrfQuery.model_construct(rrf=models.Rrf.model_construct(**given))
        by_zero = models.DivExpression(div=models.DivParams(left=1.0, right=0.0))
        formula = lambda given, **defaults: models.FormulaQuery(formula=given, defaults=defaults or None)
        feedback = lambda **more: models.RelevanceFeedbackQuery.model_construct(
            relevance_feedback=models.RelevanceFeedbackInput.model_construct(**({
                "target": row, "feedback": [models.FeedbackItem(example=row, score=1.0)],
                "strategy": models.NaiveFeedbackStrategy(naive=models.NaiveFeedbackStrategyParams(a=1, b=1, c=1))} | more)))
        mmr = lambda **given: models.NearestQuery.model_construct(nearest=row, mmr=models.Mmr.model_construct(**given))
        lookup = models.LookupLocation(collection="no-such-collection")
        key = models.FieldCondition(key="a[", match=models.MatchValue(value=1))
        idf = SearchParams(idf=IdfParams(corpus=models.Filter(must=[models.HasIdCondition(has_id=[1])])))
        request, status = self.rng.choice([
            (self.request(row, using="no such vector"), 400),
            (self.request([*row, 1.0]), 400),
            (self.request(models.SparseVector(indices=[1], values=[1.0])), 400),
            (self.request(MISSING), 404),
            (self.request(row, prefetch=models.Prefetch(query=MISSING, using=self.using or None)), 404),
            (self.request(models.RecommendQuery(recommend=models.RecommendInput(positive=[MISSING]))), 404),
            (self.request(models.RecommendQuery(recommend=models.RecommendInput(negative=[row]))), 400),
            (self.request(models.RecommendQuery(recommend=models.RecommendInput(
                strategy=models.RecommendStrategy.BEST_SCORE))), 400),
            (self.request(1, lookup_from=lookup), 404),
            (self.request(score_threshold=0.5, **bare), 400),
            (self.request(prefetch=[prefetch], **bare), 400),
            (self.request(rrf, **bare), 400),
            (self.request(rrf, prefetch=[prefetch], using="a"), 400),
            (self.request(ranks(weights=[1.0, 2.0]), prefetch=[prefetch], **bare), 400),
            (self.request(ranks(k=0), prefetch=[prefetch], **bare), 422),
            (self.request(formula(1.0), **bare), 400),
            (self.request(formula("no_such_key"), prefetch=[prefetch], **bare), 400),
            (self.request(formula(models.LnExpression(ln=-1.0)), prefetch=[prefetch], **bare), 400),
            (self.request(formula(by_zero), prefetch=[prefetch], **bare), 400),
            (self.request(models.OrderByQuery(order_by="no_such_key"), **bare), 400),
            (self.request(models.OrderByQuery(order_by="price"), score_threshold=0.5, **bare), 400),
            (self.request(row, limit=0), 422),
            (self.request(row, params=models.SearchParams.model_construct(hnsw_ef=0)), 422),
            (self.request(row, params=idf), 400),
            (self.request(mmr(diversity=1.5)), 422),
            (self.request(mmr(candidates_limit=20_000)), 422),
            (self.request(feedback(feedback=[])), 422),
            (self.request(near, filter=models.Filter(must=[key])), 400),
            (self.request(near, filter=models.Filter(must=[models.FieldCondition(
                key="place", geo_radius=models.GeoRadius(center=models.GeoPoint(lon=0, lat=100), radius=1))])), 400),
            (self.request(near, filter=models.Filter(must=[models.FieldCondition(key="place", geo_polygon=models.GeoPolygon(
                exterior=models.GeoLineString(points=[models.GeoPoint(lon=0, lat=0)] * 2)))])), 400),
            (self.request(near, filter=models.Filter.model_construct(min_should=models.MinShould.model_construct(
                conditions=[models.HasIdCondition(has_id=[1])], min_count=0))), 422),
        ])
        if self.rng.random() < 0.2:
            good = self.request(row)
            return messages.query_batch(self.collection, [good, request, good]), status
        return messages.query(self.collection, request), status

    def grouped(self):
        request, by, size, lookup, status = self.rng.choice([
            (self.request(self.row, limit=0), "city", 2, None, 422),
            (self.request(self.row), "city", 0, None, 422),
            (self.request(self.row), "city[", 2, None, 400),
            (self.request(self.row), "city", 2, "no-such-collection", 404),
            (self.request(self.row, using="no such vector"), "city", 2, None, 400),
        ])
        return messages.query_groups(self.collection, request, by, size, lookup), status

    def other(self):
        name = self.collection
        asked, status = self.rng.choice([
            (messages.scroll(name, None, 10, 1, models.OrderBy(key="price"), True, False), 400),
            (messages.scroll(name, None, 10, None, models.OrderBy(key="no_such_key"), True, False), 400),
            (messages.scroll("no-such-collection", None, 10, None, None, True, False), 404),
            (messages.facet(name, "no_such_key", None, 10, True), 400),
            (messages.facet(name, "price", None, 10, True), 400),
            (messages.matrix(name, "pairs", None, 1, 3, self.using or None), 422),
            (messages.matrix(name, "offsets", None, 10, 0, self.using or None), 422),
            (messages.matrix(name, "pairs", None, 10, 3, "no such vector"), 400),
            (messages.count("no-such-collection", None, True), 404),
        ])
        return asked, status

    def old(self):
        recommend = lambda **given: models.RecommendQuery(recommend=models.RecommendInput(**given))
        discover = models.DiscoverQuery(discover=models.DiscoverInput(target=MISSING, context=[]))
        family, request, status = self.rng.choice([
            ("search", self.request([*self.row, 1.0], limit=5), 400),
            ("search", self.request(self.row, limit=5, using="no such vector"), 400),
            ("recommend", self.request(recommend(positive=[MISSING]), limit=5), 404),
            ("recommend", self.request(recommend(negative=[self.row]), limit=5), 400),
            ("discover", self.request(discover, limit=5), 404),
        ])
        return messages.old(self.collection, family, request), status
