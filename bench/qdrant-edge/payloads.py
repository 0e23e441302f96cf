"""Qdrant's engine over payloads alone, behind one order per line: "fill" answers seconds; "count CASE", "scroll CASE LIMIT" and
"facet CASE" answer a checksum of the answer and operations per CPU second of the process.

Arguments: folder of payloads.i32, three int32 a point: city, number, flag. Both sides know what a case means.
"""

import sys
import time

import numpy as np
import qdrant_edge as edge

BATCH = 10_000
CLOCKED_OPERATIONS_MAX = 64
LEAST_SECONDS = 0.2


def match(key, value):
    return edge.FieldCondition(key=key, match=edge.MatchValue(value))


def numbers(low, high):
    return edge.FieldCondition(key="number", range=edge.RangeFloat(gte=float(low), lt=float(high)))


CASES = {
    "city": edge.Filter(must=[match("city", "c7")]),
    "flag": edge.Filter(must=[match("flag", 1)]),
    "percent": edge.Filter(must=[numbers(300_000, 310_000)]),
    "half": edge.Filter(must=[numbers(0, 500_000)]),
    "city-and-flag": edge.Filter(must=[match("city", "c7"), match("flag", 1)]),
    "cities": edge.Filter(should=[match("city", f"c{city}") for city in range(5)]),
    "not-half": edge.Filter(must_not=[numbers(0, 500_000)]),
    "any": None,
}


class Side:
    def __init__(self, folder):
        self.rows = np.fromfile(f"{folder}/payloads.i32", "<i4").reshape(-1, 3)
        self.shard = edge.EdgeShard.create(
            f"{folder}/shard",
            edge.EdgeConfig(
                vectors={},
                sparse_vectors={"none": edge.EdgeSparseVectorParams()},
                optimizers=edge.EdgeOptimizersConfig(default_segment_number=1, max_segment_size=1 << 30),
                max_search_threads=1,
                wal_enabled=False,
            ),
        )

    def fill(self):
        start = time.perf_counter()
        schema = edge.PayloadSchemaType
        for field, kind in (("city", schema.Keyword), ("number", schema.Integer), ("flag", schema.Integer)):
            self.shard.update(edge.UpdateOperation.create_field_index(field, kind))
        for first in range(0, len(self.rows), BATCH):
            points = [
                edge.Point(first + at, {}, {"city": f"c{city}", "number": int(number), "flag": int(flag)})
                for at, (city, number, flag) in enumerate(self.rows[first : first + BATCH])
            ]
            self.shard.update(edge.UpdateOperation.upsert_points(points))
        self.shard.optimize()
        return time.perf_counter() - start

    def count(self, case):
        return self.shard.count(edge.CountRequest(exact=True, filter=CASES[case]))

    def scroll(self, case, limit):
        request = edge.ScrollRequest(limit=limit, filter=CASES[case], with_payload=True, with_vector=False)
        return sum(point.id for point in self.shard.scroll(request)[0])

    def facet(self, case):
        request = edge.FacetRequest(key="city", limit=10, exact=True, filter=CASES[case])
        return sum(hit.count for hit in self.shard.facet(request).hits)


def timed(operation):
    operations = 0
    start = time.process_time()
    seconds = 0.0
    more = 1
    # Reading the clock costs tens of microseconds on some machines.
    while seconds < LEAST_SECONDS:
        for _ in range(more):
            answer = operation()
        operations += more
        more = min(2 * more, CLOCKED_OPERATIONS_MAX)
        seconds = time.process_time() - start
    return answer, operations / seconds


def main():
    side = Side(sys.argv[1])
    for line in sys.stdin:
        order, *words = line.split()
        if order == "fill":
            print(side.fill(), flush=True)
        elif order == "count":
            print(*timed(lambda: side.count(*words)), flush=True)
        elif order == "scroll":
            print(*timed(lambda: side.scroll(words[0], int(words[1]))), flush=True)
        else:
            print(*timed(lambda: side.facet(*words)), flush=True)


main()
