"""Random writes on twin collections, one written over REST and one over gRPC, and reads after them: all as the oracle has it."""

from collections import Counter

from changes import Changes
from comparison import close, same_rows, shown_difference
from generator import IDS, PATHS, Filters, Payloads
from oracle import NotFound, Oracle, plain_id, row
from qdrant_client import models
from questions import Shape


class WrittenShape(Shape):
    """As after any writes: rows of zeros, empty sparse vectors, numbers beyond what a byte holds, names that come and go."""

    def vector(self, name):
        if name in self.sparse:
            indices = self.rng.sample([0, 1, 2, 3, 5, 8, 2**31, 2**32 - 1], self.rng.randint(0, 4))
            return models.SparseVector(indices=indices, values=[self.rng.gauss(0, 1) for _ in indices])
        if self.vectors[name].multivector_config:
            return [self.row(name) for _ in range(self.rng.randint(1, 6))]
        return self.row(name)

    def row(self, name):
        params = self.vectors[name]
        if self.rng.random() < 0.03:
            return [0.0] * params.size
        spread = 120 if params.datatype == models.Datatype.UINT8 else 1
        return [self.rng.gauss(0, spread) for _ in range(params.size)]

    def add(self, name, params):
        self.vectors[name] = params
        self.names.append(name)

    def drop(self, name):
        del self.vectors[name]
        self.names.remove(name)


class Writes:
    """Operations on collections of one random shape."""

    def __init__(self, rng, twins, number):
        self.rng, self.twins = rng, twins
        distances = list(models.Distance)
        params = lambda size, i: models.VectorParams(size=size, distance=distances[i % 4])
        vectors, sparse = {"": params(4, number // 2)}, {}
        if number % 2 == 1:
            vectors = {"a": params(4, number // 2), "b": params(3, number // 2 + 1)} | self.other_forms(distances)
            sparse = {"s": models.SparseVectorParams(), "i": models.SparseVectorParams(modifier=models.Modifier.IDF)}
        self.shards = 1 if rng.random() < 0.5 else 2
        self.shape = WrittenShape(rng, vectors, sparse)
        self.filters = Filters(rng, self.shape.names)
        self.oracle = Oracle(vectors, sparse)
        self.changes = Changes(rng, self.shape, self.shards, Payloads(rng), self.filters, self.known)
        self.differences, self.asked = [], Counter()
        for twin in twins:
            twin.create(vectors, sparse, self.shards)

    def __str__(self):
        return f"{self.shape.vectors}, {list(self.shape.sparse)}, {self.shards} shards"

    def other_forms(self, distances):
        multi = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
        params = lambda **more: models.VectorParams(size=3, distance=self.rng.choice(distances), **more)
        return {"m": params(multivector_config=multi), "h": params(datatype=models.Datatype.FLOAT16),
                "w": params(datatype=models.Datatype.UINT8)}

    def close(self):
        self.oracle.close()
        for twin in self.twins:
            twin.client.delete_collection(twin.name)

    def known(self):
        return [r[0] for r in self.oracle.everything()] or IDS[:1]

    def run(self, operations):
        self.write([self.changes.upsert(60)], False)
        for _ in range(operations):
            kind = self.rng.random()
            if kind < 0.08:
                same = self.write([self.changes.definition()], False)
            elif kind < 0.45:
                count = self.rng.choice([1, 1, 1, 3])
                same = self.write([self.changes.change() for _ in range(count)], count > 1 or self.rng.random() < 0.3)
            else:
                same = True
                self.asked["read after write"] += 1
                self.rng.choice([self.retrieve, self.scroll, self.scroll, self.count, self.query, self.query, self.batch])()
            if not same:
                return  # the states differ: what follows would tell nothing new

    def differ(self, twin, what, detail):
        self.differences.append(f"  {twin.way}: {what}\n{detail}")

    def write(self, ops, is_batch):
        self.asked["write"] += len(ops)
        wanted = self.outcome(lambda: [self.oracle.apply(op) for op in ops])
        state = self.oracle.everything()
        same = True
        for twin in self.twins:
            got = self.outcome(lambda: twin.apply(ops, is_batch))
            if got != wanted:
                self.differ(twin, f"write {ops}", f"    wanted {wanted}, got {got}")
            stored = twin.everything()
            if not same_rows(state, stored):
                same = False
                self.differ(twin, f"state after {ops}", shown_difference(state, stored))
        return same

    @staticmethod
    def outcome(run):
        try:
            run()
            return "done"
        except NotFound:
            return "not found"

    # reads

    def maybe_filter(self):
        return self.filters.filter() if self.rng.random() < 0.85 else None

    def payload_selector(self):
        paths = self.rng.sample([p for p in PATHS if "[0]" not in p and "[1]" not in p], self.rng.randint(1, 3))
        return self.rng.choice([True, True, False, paths, models.PayloadSelectorExclude(exclude=paths)])

    def vector_selector(self):
        names = self.shape.names
        return self.rng.choice([True, False] + ([[name] for name in names] if names != [""] else []))

    def retrieve(self):
        ids = self.rng.choices(IDS, k=self.rng.randint(1, 20))
        payload, vectors = self.payload_selector(), self.vector_selector()
        by_id = {r[0]: r for r in self.oracle.scroll(models.Filter(must=[models.HasIdCondition(has_id=ids)]), payload, vectors)}
        wanted = [by_id[id] for id in dict.fromkeys(ids) if id in by_id]
        for twin in self.twins:
            got = [row(p) for p in twin.client.retrieve(twin.name, ids, with_payload=payload, with_vectors=vectors)]
            if not same_rows(wanted, got):
                self.differ(twin, f"retrieve {ids} {payload} {vectors}", shown_difference(wanted, got))

    def scroll(self):
        given, size = self.maybe_filter(), self.rng.choice([1, 7, 20, 1000])
        payload, vectors = self.payload_selector(), self.vector_selector()
        wanted = self.oracle.scroll(given, payload, vectors)
        for twin in self.twins:
            got = twin.pages(given, size, payload, vectors)
            if not same_rows(wanted, got):
                self.differ(twin, f"scroll {given!r} {payload} {vectors}", shown_difference(wanted, got))

    def count(self):
        given = self.filters.filter()
        wanted = self.oracle.count(given)
        for twin in self.twins:
            got = twin.client.count(twin.name, count_filter=given, exact=True).count
            if got != wanted:
                self.differ(twin, f"count {given!r}", f"    wanted {wanted}, got {got}")

    def question(self):
        """A query and the whole ranking it is answered from."""
        using, given = self.rng.choice(self.shape.names), self.maybe_filter()
        query, vector, without = self.shape.vector(using), None, None
        if self.rng.random() < 0.25:
            rows = [(id, v if using == "" else v.get(using)) for id, _, v in self.oracle.everything()]
            rows = [(id, v) for id, v in rows if v and not (hasattr(v, "indices") and not v.indices)]
            if rows:
                without, vector = self.rng.choice(rows)
                query = without
        ranking = self.oracle.ranking(vector or query, using, given, None)
        threshold = None
        if len(ranking) > 3 and self.rng.random() < 0.3:
            at = self.rng.randrange(len(ranking) - 1)
            threshold = (ranking[at][1] + ranking[at + 1][1]) / 2
            if close(ranking[at][1], ranking[at + 1][1], 1e-3):
                threshold = None
        if threshold is not None:
            ranking = self.oracle.ranking(vector or query, using, given, threshold)
        ranking = [hit for hit in ranking if hit[0] != without]
        request = models.QueryRequest(
            query=query, using=using or None, filter=given, score_threshold=threshold, limit=self.rng.choice([1, 5, 20, 500]),
            offset=self.rng.choice([None, None, 2, 70]), params=models.SearchParams(exact=True), with_payload=False)
        return request, ranking

    def check(self, twin, request, ranking, points):
        wanted = ranking[request.offset or 0:][:request.limit]
        got = [(plain_id(p.id), p.score) for p in points]
        scores = dict(ranking)
        right = len(got) == len(wanted) == len({id for id, _ in got}) and all(
            close(w[1], g[1]) and g[0] in scores and close(scores[g[0]], g[1]) for w, g in zip(wanted, got))
        if not right:
            self.differ(twin, f"query {request!r}", f"    wanted {wanted}\n    got    {got}")

    def query(self):
        request, ranking = self.question()
        for twin in self.twins:
            answer = twin.client.query_points(
                twin.name, query=request.query, using=request.using, query_filter=request.filter, limit=request.limit,
                score_threshold=request.score_threshold, offset=request.offset, search_params=request.params,
                with_payload=False)
            self.check(twin, request, ranking, answer.points)

    def batch(self):
        questions = [self.question() for _ in range(self.rng.randint(1, 4))]
        for twin in self.twins:
            answers = twin.client.query_batch_points(twin.name, [request for request, _ in questions])
            for (request, ranking), answer in zip(questions, answers, strict=True):
                self.check(twin, request, ranking, answer.points)
