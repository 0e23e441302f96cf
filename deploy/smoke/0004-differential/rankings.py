"""Queries with a ranking, in the universal words and in the older ones."""

from collections import Counter

import messages
from comparison import close, exactly, same_vectors
from edge_queries import is_id, listed
from oracle import plain_id, row
from qdrant_client import models

DISTANCES = (models.Distance.EUCLID, models.Distance.MANHATTAN)
CUSTOM = (models.RecommendQuery, models.DiscoverQuery, models.ContextQuery, models.RelevanceFeedbackQuery)


class Rankings:
    """Asks about a subject, and compares with its oracle's whole ranking."""

    def __init__(self, subject):
        self.on = subject

    def question(self, make):
        """A request whose answer doesn't hang on chance, with a threshold now and then."""
        while True:
            request = make()
            for level in self.levels(request):
                if self.on.rng.random() < 0.25:
                    level.score_threshold = self.threshold(level)
            try:
                if self.on.edge.is_definite(request) and (self.is_known(request) or not self.has_samples(request)):
                    return request
            except Exception:  # the oracle has one kind of error only: a formula in a prefetch has no value
                return request

    def has_samples(self, request):
        return any(isinstance(level.query, models.SampleQuery) for level in self.levels(request))

    def levels(self, level):
        for inner in listed(level.prefetch):
            yield from self.levels(inner)
        yield level

    def threshold(self, level):
        """Between two scores of the level by itself."""
        if level.query is None or isinstance(level.query, (models.OrderByQuery, models.SampleQuery)):
            return None
        params = self.on.shape.vectors.get(level.using or "")
        if isinstance(level.query, CUSTOM) and params and params.distance in DISTANCES and not self.is_average(level.query):
            return None
        try:
            scores = self.on.edge.alone(level, [level.filter], [])
        except Exception:  # a formula without a value
            return None
        if len(scores) < 4:
            return None
        at = self.on.rng.randrange(len(scores) - 1)
        return None if close(scores[at], scores[at + 1], 1e-3) else (scores[at] + scores[at + 1]) / 2

    @staticmethod
    def is_average(query):
        return isinstance(query, models.RecommendQuery) and (
            query.recommend.strategy in (None, models.RecommendStrategy.AVERAGE_VECTOR))

    def selected(self, request):
        request.with_payload, request.with_vector = self.on.selectors()
        return request

    def wanted(self, request):
        """The whole ranking; the error where there is none."""
        payload = request.with_payload
        try:
            ranking = self.on.edge.ranking(
                request, with_payload=self.on.oracle.selector(payload), with_vector=request.with_vector or False)
            return [hit for _, hit in ranking]
        except Exception as e:  # the binding has one kind of error only
            return e

    def is_known(self, request):
        """Whether the oracle can tell: not of `mmr` below the root, nor over sparse vectors."""
        return not any(getattr(level.query, "mmr", None) and (level is not request or level.using in self.on.shape.sparse)
                       for level in self.levels(request))

    def check(self, asked, request, answered, points):
        if not self.is_known(request):
            return
        wanted = self.wanted(request)
        if isinstance(wanted, Exception) or answered.status:
            if not isinstance(wanted, Exception) or answered.status != "INVALID_ARGUMENT":
                has_failed = isinstance(wanted, Exception)
                self.on.differ(asked, "one of them failed", wanted if has_failed else f"{len(wanted)} hits", answered)
            return
        limit, offset = request.limit or 10, request.offset or 0
        problem = self.problem(request, wanted, wanted[offset:][:limit], points)
        if problem:
            shown = lambda p: (plain_id(p.id), p.score, p.order_value)
            self.on.differ(asked, problem, [shown(p) for p in wanted[offset:][:limit]],
                        [(p["id"], p.get("score"), p.get("order_value")) for p in points])

    def problem(self, request, whole, page, points):
        """What is wrong with a page of points; None when nothing is."""
        kind = type(request.query)
        if len(page) != len(points):
            return f"{len(points)} hits instead of {len(page)}"
        by_id = {plain_id(p.id): p for p in whole}
        if any(p["id"] not in by_id for p in points):
            return "ids"
        if kind is models.OrderByQuery:
            pairs = Counter((plain_id(p.id), p.order_value) for p in whole)
            if [p.order_value for p in page] != [p["order_value"] for p in points]:
                return "order values"
            if Counter((p["id"], p["order_value"]) for p in points) - pairs:
                return "order values of others"
        elif len({p["id"] for p in points}) != len(points):
            return "an id twice"
        elif not all(close(w.score, g["score"]) and close(by_id[g["id"]].score, g["score"]) for w, g in zip(page, points)):
            return "scores"
        if request.query is None or getattr(request.query, "mmr", None) is not None:
            if [plain_id(p.id) for p in page] != [p["id"] for p in points]:
                return "order"
        for p in points:
            if not self.same_content(by_id[p["id"]], p, request.with_vector):
                return f"payload or vector of {row(by_id[p['id']])}, got {p}"
        return None

    @staticmethod
    def same_content(wanted, got, with_vector):
        _, payload, vector = row(wanted)
        if isinstance(vector, dict):  # the engine gives away what `mmr` compares
            named = with_vector if isinstance(with_vector, list) else vector if with_vector else ()
            vector = {name: v for name, v in vector.items() if name in named}
        vector = vector if with_vector else {}
        plain = lambda v: {n: plain(x) for n, x in v.items()} if isinstance(v, dict) else (
            {"indices": list(v.indices), "values": list(v.values)} if hasattr(v, "indices") else v)
        return exactly(payload) == exactly(got["payload"]) and same_vectors(plain(vector), got["vector"])

    def query(self):
        request = self.selected(self.question(self.on.questions.question))
        asked = messages.query(self.on.name, request)
        answered = self.on.ask(asked)
        if answered is not None:
            self.check(asked, request, answered, answered.value)

    def sample(self):
        """What is drawn is chance; how many, and of what, is not. An offset has no effect, by the contract."""
        given, limit = self.on.questions.filter(), self.on.rng.choice([1, 5, 1000])
        request = models.QueryRequest(query=models.SampleQuery(sample=models.Sample.RANDOM), filter=given, limit=limit,
                                      offset=self.on.rng.choice([None, 0, 3, 100]))
        asked = messages.query(self.on.name, request)
        self.on.asked["sample"] += 1
        passing = {r[0] for r in self.on.oracle.scroll(given, False, False)}
        for answered in (self.on.ways.rest(self.on.name, asked), self.on.ways.grpc(asked)):
            got = [p["id"] for p in answered.value or []]
            right = len(got) == len(set(got)) == min(limit, len(passing)) and set(got) <= passing
            if answered.status or not right or any(p["score"] != 1 for p in answered.value):
                self.on.differ(asked, "sample", passing, answered)

    def query_batch(self):
        requests = [self.selected(self.question(self.on.questions.question)) for _ in range(self.on.rng.randrange(5))]
        self.check_batch(messages.query_batch(self.on.name, requests), requests)

    def check_batch(self, asked, requests):
        answered = self.on.ask(asked)
        if answered is None:
            return
        if answered.status:
            if not any(isinstance(self.wanted(r), Exception) for r in requests if self.is_known(r)):
                self.on.differ(asked, "failed", "answers", answered)
            return
        for request, points in zip(requests, answered.value, strict=True):
            self.check(asked, request, answered, points)

    # the older families

    def old_request(self, family):
        names = [n for n in self.on.shape.names if not getattr(self.on.shape.vectors.get(n), "multivector_config", None)]
        using = self.on.rng.choice(names)
        lookup = None if family == "search" else self.on.questions.lookup(using)
        fitting = {"search": (list, models.SparseVector), "recommend": models.RecommendQuery,
                   "discover": (models.DiscoverQuery, models.ContextQuery)}[family]

        def make():
            query = None
            while not isinstance(query, fitting):
                query = self.on.questions.by_vectors(using, lookup)
            return models.QueryRequest(
                query=query, using=using or None, filter=self.on.questions.filter(), params=self.on.questions.params(using),
                lookup_from=lookup, limit=self.on.rng.choice([1, 5, 30, 500]), offset=self.on.rng.choice([None, None, 1, 9]))

        request = self.question(make)
        if family == "recommend":  # gRPC has ids and vectors in two lists, and sums are rounded in their order
            for side in (request.query.recommend.positive, request.query.recommend.negative):
                (side or []).sort(key=lambda example: not is_id(example))
        if family == "discover":
            request.score_threshold = None
        return self.selected(request)

    def old(self, family):
        request = self.old_request(family)
        asked = messages.old(self.on.name, family, request)
        answered = self.on.ask(asked)
        if answered is not None:
            self.check(asked, request, answered, answered.value)

    def search(self):
        self.old("search")

    def recommend(self):
        self.old("recommend")

    def discover(self):
        self.old("discover")

    def old_batch(self):
        family = self.on.rng.choice(["search", "recommend", "discover"])
        requests = [self.old_request(family) for _ in range(self.on.rng.randrange(4))]
        self.check_batch(messages.old_batch(self.on.name, family, requests), requests)
