"""Seeded random operations and filters against Eddy over REST, Eddy over gRPC and an oracle: the same answers.

Usage: scenario.py REST_PORT GRPC_PORT [SEED] [OPERATIONS]. Prints the seed and the differences; exit code 0 = none.
The oracle is pip `qdrant-edge-py` 0.8.0, the engine of the server version 1.19 whose contract Eddy keeps, in this process;
oracle.py lists where it is not asked, and why. After each round queries.py asks queries of every kind, with another oracle.
"""

import json
import math
import random
import sys

import grpc
from generator import IDS, PATHS, Filters, Payloads
from oracle import EVERYTHING, NotFound, Oracle, plain_id, row
from queries import Queries
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import UnexpectedResponse

PER_ROUND = 60
QUERIES_PER_ROUND = 80


def close(a, b, tolerance=1e-4):
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-5)


def same_vectors(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_vectors(a[name], b[name]) for name in a)
    if hasattr(a, "indices") and hasattr(b, "indices"):
        return list(a.indices) == list(b.indices) and same_vectors(list(a.values), list(b.values))
    if not isinstance(a, list) or not isinstance(b, list) or len(a) != len(b):
        return False
    return all(same_vectors(x, y) if isinstance(x, list) else close(x, y) for x, y in zip(a, b))


def exactly(payload):
    return json.dumps(payload, sort_keys=True)


def same_rows(a, b):
    return len(a) == len(b) and all(
        x[0] == y[0] and exactly(x[1]) == exactly(y[1]) and same_vectors(x[2], y[2]) for x, y in zip(a, b))


def shown_difference(wanted, got):
    wanted_by_id, got_by_id = {r[0]: r for r in wanted}, {r[0]: r for r in got}
    lines = []
    for id in list(dict.fromkeys([*wanted_by_id, *got_by_id])):
        w, g = wanted_by_id.get(id), got_by_id.get(id)
        if w is None or g is None or not same_rows([w], [g]):
            lines.append(f"    wanted {w}\n    got    {g}")
    return "\n".join(lines[:3]) or f"    order: wanted {[r[0] for r in wanted]} got {[r[0] for r in got]}"


class Eddy:
    """One way into Eddy: a client and the collection that only it writes."""

    def __init__(self, way, seed, client):
        self.way, self.client, self.name = way, client, f"differential-{way}-{seed}"

    def create(self, vectors, sparse, shards):
        self.client.delete_collection(self.name)
        config = vectors[""] if "" in vectors else vectors
        self.client.create_collection(
            self.name, vectors_config=config, sparse_vectors_config=sparse or None, shard_number=shards)

    def apply(self, ops):
        try:
            self.client.batch_update_points(self.name, ops, wait=True) if len(ops) > 1 else self.alone(ops[0])
        except UnexpectedResponse as e:
            if e.status_code != 404:
                raise
            raise NotFound(str(e)) from e
        except grpc.RpcError as e:
            if e.code() != grpc.StatusCode.NOT_FOUND:
                raise
            raise NotFound(e.details()) from e

    def alone(self, op):
        client, name = self.client, self.name
        pick = lambda body: body.points if getattr(body, "points", None) is not None else body.filter
        if isinstance(op, models.UpsertOperation):
            client.upsert(name, op.upsert.points, wait=True)
        elif isinstance(op, models.UpdateVectorsOperation):
            client.update_vectors(name, op.update_vectors.points, wait=True)
        elif isinstance(op, models.DeleteOperation):
            client.delete(name, op.delete, wait=True)
        elif isinstance(op, models.ClearPayloadOperation):
            client.clear_payload(name, op.clear_payload, wait=True)
        elif isinstance(op, models.DeleteVectorsOperation):
            client.delete_vectors(name, op.delete_vectors.vector, pick(op.delete_vectors), wait=True)
        elif isinstance(op, models.DeletePayloadOperation):
            client.delete_payload(name, op.delete_payload.keys, pick(op.delete_payload), wait=True)
        elif isinstance(op, models.OverwritePayloadOperation):
            client.overwrite_payload(name, op.overwrite_payload.payload, pick(op.overwrite_payload), wait=True)
        else:
            body = op.set_payload
            client.set_payload(name, body.payload, pick(body), key=body.key, wait=True)

    def everything(self):
        return self.pages(None, EVERYTHING, True, True)

    def pages(self, given, size, with_payload, with_vectors):
        rows, offset = [], None
        while True:
            page, offset = self.client.scroll(
                self.name, scroll_filter=given, limit=size, offset=offset, with_payload=with_payload, with_vectors=with_vectors)
            rows += [row(p) for p in page]
            if offset is None:
                return rows
            assert len(page) == size, f"a page of {len(page)} of {size} that is not the last"


class Round:
    """Operations on one pair of collections of one random shape."""

    def __init__(self, rng, ways, number):
        self.rng, self.ways, self.payloads = rng, ways, Payloads(rng)
        distances = list(models.Distance)
        params = lambda size, i: models.VectorParams(size=size, distance=distances[i % 4])
        self.vectors, self.sparse = {"": params(4, number // 2)}, {}
        if number % 2 == 1:
            self.vectors = {"a": params(4, number // 2), "b": params(3, number // 2 + 1)} | self.other_forms(distances)
            self.sparse = {"s": models.SparseVectorParams(), "i": models.SparseVectorParams(modifier=models.Modifier.IDF)}
        self.shards = 1 if rng.random() < 0.5 else 2
        self.names = [*self.vectors, *self.sparse]
        self.filters = Filters(rng, self.names)
        self.oracle = Oracle(self.vectors, self.sparse)
        self.differences = []
        for way in ways:
            way.create(self.vectors, self.sparse, self.shards)

    def other_forms(self, distances):
        multi = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
        params = lambda **more: models.VectorParams(size=3, distance=self.rng.choice(distances), **more)
        return {"m": params(multivector_config=multi), "h": params(datatype=models.Datatype.FLOAT16),
                "w": params(datatype=models.Datatype.UINT8)}

    def close(self):
        self.oracle.close()
        for way in self.ways:
            way.client.delete_collection(way.name)

    def run(self, operations):
        self.write([self.upsert(60)])
        for _ in range(operations):
            if self.rng.random() < 0.4:
                ops = [self.change() for _ in range(self.rng.choice([1, 1, 1, 3]))]
                if not self.write(ops):
                    return  # the states differ: what follows would tell nothing new
            else:
                self.rng.choice([self.retrieve, self.scroll, self.scroll, self.count, self.query, self.query, self.batch])()

    def differ(self, way, what, detail):
        self.differences.append(f"  {way.way}: {what}\n{detail}")

    # writes

    def numbers(self, name):
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

    def some_vectors(self, least):
        if self.names == [""]:
            return self.numbers("")
        names = self.rng.sample(self.names, self.rng.choice([least, 1, 2, 4, len(self.names)]))
        return {name: self.numbers(name) for name in names}

    def known(self):
        return [r[0] for r in self.oracle.everything()] or IDS[:1]

    def some_ids(self):
        """Mostly known ids; some lists name a missing one, which over several shards has to fit one chunk."""
        if self.rng.random() < 0.25:
            return self.rng.sample(IDS, self.rng.randint(1, 60 if self.shards == 1 else 32))
        known = self.known()
        return self.rng.sample(known, self.rng.randint(1, min(len(known), 40)))

    def selection(self):
        return {"points": self.some_ids()} if self.rng.random() < 0.6 else {"filter": self.filters.filter()}

    def upsert(self, most=12):
        points = [
            models.PointStruct(id=self.rng.choice(IDS), vector=self.some_vectors(0),
                               payload=self.payloads.payload() if self.rng.random() < 0.9 else None)
            for _ in range(self.rng.randint(1, most))]
        return models.UpsertOperation(upsert=models.PointsList(points=points))

    def delete(self):
        picked = self.selection()
        if "filter" in picked:
            few = models.HasIdCondition(has_id=self.rng.sample(IDS, 12))
            return models.DeleteOperation(delete=models.FilterSelector(filter=models.Filter(must=[few, picked["filter"]])))
        return models.DeleteOperation(delete=models.PointIdsList(points=picked["points"][:8]))

    def clear(self):
        picked = self.selection()
        if "filter" in picked:
            return models.ClearPayloadOperation(clear_payload=models.FilterSelector(filter=picked["filter"]))
        return models.ClearPayloadOperation(clear_payload=models.PointIdsList(points=picked["points"][:10]))

    def update_vectors(self):
        points = [models.PointVectors(id=id, vector=self.some_vectors(1)) for id in self.some_ids()[:32]]
        return models.UpdateVectorsOperation(update_vectors=models.UpdateVectors(points=points))

    def change(self):
        rng = self.rng
        key = rng.choice([None, "o", "o.q", "arr[]", "arr[].x", "arr[0]", "arr[9].x", "a", "new.made", "n[]", "o.list[].y", '"we.ird"'])
        make = rng.choice([
            self.upsert, self.upsert, self.upsert, self.delete, self.clear, self.update_vectors, self.update_vectors,
            lambda: models.SetPayloadOperation(
                set_payload=models.SetPayload(payload=self.payloads.change(), key=key, **self.selection())),
            lambda: models.SetPayloadOperation(
                set_payload=models.SetPayload(payload={"p": None, "x": rng.choice([None, 7])}, key=key, **self.selection())),
            lambda: models.OverwritePayloadOperation(
                overwrite_payload=models.SetPayload(payload=self.payloads.change(), **self.selection())),
            lambda: models.DeletePayloadOperation(
                delete_payload=models.DeletePayload(keys=rng.sample(PATHS, rng.randint(1, 3)), **self.selection())),
            lambda: models.DeleteVectorsOperation(
                delete_vectors=models.DeleteVectors(vector=[rng.choice(self.names)], **self.selection())),
        ])
        return make()

    def write(self, ops):
        wanted = self.outcome(lambda: [self.oracle.apply(op) for op in ops])
        state = self.oracle.everything()
        same = True
        for way in self.ways:
            got = self.outcome(lambda: way.apply(ops))
            if got != wanted:
                self.differ(way, f"write {ops}", f"    wanted {wanted}, got {got}")
            stored = way.everything()
            if not same_rows(state, stored):
                same = False
                self.differ(way, f"state after {ops}", shown_difference(state, stored))
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
        return self.rng.choice([True, False] + ([[name] for name in self.names] if self.names != [""] else []))

    def retrieve(self):
        ids = self.rng.choices(IDS, k=self.rng.randint(1, 20))
        payload, vectors = self.payload_selector(), self.vector_selector()
        by_id = {r[0]: r for r in self.oracle.scroll(models.Filter(must=[models.HasIdCondition(has_id=ids)]), payload, vectors)}
        wanted = [by_id[id] for id in dict.fromkeys(ids) if id in by_id]
        for way in self.ways:
            got = [row(p) for p in way.client.retrieve(way.name, ids, with_payload=payload, with_vectors=vectors)]
            if not same_rows(wanted, got):
                self.differ(way, f"retrieve {ids} {payload} {vectors}", shown_difference(wanted, got))

    def scroll(self):
        given, size = self.maybe_filter(), self.rng.choice([1, 7, 20, 1000])
        payload, vectors = self.payload_selector(), self.vector_selector()
        wanted = self.oracle.scroll(given, payload, vectors)
        for way in self.ways:
            got = way.pages(given, size, payload, vectors)
            if not same_rows(wanted, got):
                self.differ(way, f"scroll {given!r} {payload} {vectors}", shown_difference(wanted, got))

    def count(self):
        given = self.filters.filter()
        wanted = len(self.oracle.scroll(given, False, False))
        for way in self.ways:
            got = way.client.count(way.name, count_filter=given, exact=True).count
            if got != wanted:
                self.differ(way, f"count {given!r}", f"    wanted {wanted}, got {got}")

    def question(self):
        """A query and the whole ranking it is answered from."""
        using, given = self.rng.choice(self.names), self.maybe_filter()
        query, vector, without = self.numbers(using), None, None
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

    def check(self, way, request, ranking, points):
        wanted = ranking[request.offset or 0:][:request.limit]
        got = [(plain_id(p.id), p.score) for p in points]
        scores = dict(ranking)
        right = len(got) == len(wanted) == len({id for id, _ in got}) and all(
            close(w[1], g[1]) and g[0] in scores and close(scores[g[0]], g[1]) for w, g in zip(wanted, got))
        if not right:
            self.differ(way, f"query {request!r}", f"    wanted {wanted}\n    got    {got}")

    def query(self):
        request, ranking = self.question()
        for way in self.ways:
            answer = way.client.query_points(
                way.name, query=request.query, using=request.using, query_filter=request.filter, limit=request.limit,
                score_threshold=request.score_threshold, offset=request.offset, search_params=request.params,
                with_payload=False)
            self.check(way, request, ranking, answer.points)

    def batch(self):
        questions = [self.question() for _ in range(self.rng.randint(1, 4))]
        for way in self.ways:
            answers = way.client.query_batch_points(way.name, [request for request, _ in questions])
            for (request, ranking), answer in zip(questions, answers, strict=True):
                self.check(way, request, ranking, answer.points)


def main():
    rest_port, grpc_port = int(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 31)
    operations = int(sys.argv[4]) if len(sys.argv) > 4 else 300
    print(f"seed {seed}, operations {operations}", flush=True)
    rng = random.Random(seed)
    ways = [
        Eddy("rest", seed, QdrantClient(host="127.0.0.1", port=rest_port, check_compatibility=False, timeout=30)),
        Eddy("grpc", seed, QdrantClient(host="127.0.0.1", port=rest_port, grpc_port=grpc_port, prefer_grpc=True,
                                  check_compatibility=False, timeout=30)),
    ]
    differences = 0
    for number, start in enumerate(range(0, operations, PER_ROUND)):
        part = Round(rng, ways, number)
        try:
            part.run(min(PER_ROUND, operations - start))
        finally:
            part.close()
        for text in part.differences:
            print(f"difference, seed {seed}, round {number}, {part.vectors}, {list(part.sparse)}, {part.shards} shards\n{text}")
        differences += len(part.differences)
        queries = Queries(rng, ways, number)
        try:
            queries.run(QUERIES_PER_ROUND)
        finally:
            queries.close()
        for text in queries.differences:
            print(f"difference, seed {seed}, queries of round {number}, {queries.distances}\n{text}")
        differences += len(queries.differences)
    if differences:
        sys.exit(f"seed {seed}: {differences} differences")
    print(f"ok: seed {seed}, {operations} operations, no difference")


if __name__ == "__main__":
    main()
