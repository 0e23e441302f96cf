"""Qdrant's engine and sparse vectors, one order per line: "build" answers seconds; "search CASE" answers queries per CPU
second of the process and leaves the hits in CASE.rows.i32 and CASE.scores.f32, ten a query, -1 and 0 where there are fewer.

Argument: folder of base.* and query.* (starts.i32, indices.i32, values.f32) and numbers.i32. CASE is the count of thousand
numbers that match, from 0 on; 1000 is without a filter.
"""

import sys
import time

import numpy as np
import qdrant_edge as edge

K = 10
BATCH = 2_000
NUMBERS = 1_000


class Rows:
    def __init__(self, stem):
        self.starts = np.fromfile(f"{stem}.starts.i32", "<i4")
        self.indices = np.fromfile(f"{stem}.indices.i32", "<i4")
        self.values = np.fromfile(f"{stem}.values.f32", "<f4")

    def __len__(self):
        return len(self.starts) - 1

    def vector(self, row):
        part = slice(self.starts[row], self.starts[row + 1])
        return edge.SparseVector(self.indices[part].tolist(), self.values[part].tolist())


class Side:
    def __init__(self, folder):
        self.folder = folder
        self.base = Rows(f"{folder}/base")
        self.numbers = np.fromfile(f"{folder}/numbers.i32", "<i4")
        queries = Rows(f"{folder}/query")
        self.queries = [queries.vector(row) for row in range(len(queries))]
        self.shard = edge.EdgeShard.create(
            f"{folder}/shard",
            edge.EdgeConfig(
                vectors={},
                sparse_vectors={"words": edge.EdgeSparseVectorParams()},
                optimizers=edge.EdgeOptimizersConfig(default_segment_number=1, max_segment_size=1 << 30),
                max_search_threads=1,
                wal_enabled=False,
            ),
        )

    def build(self):
        start = time.perf_counter()
        self.shard.update(edge.UpdateOperation.create_field_index("number", edge.PayloadSchemaType.Integer))
        for first in range(0, len(self.base), BATCH):
            points = [
                edge.Point(row, {"words": self.base.vector(row)}, {"number": int(self.numbers[row])})
                for row in range(first, min(first + BATCH, len(self.base)))
            ]
            self.shard.update(edge.UpdateOperation.upsert_points(points))
        self.shard.optimize()
        print(f"qdrant-edge: {self.shard.info().segments_count} segments", file=sys.stderr)
        return time.perf_counter() - start

    def search(self, case):
        condition = None
        if case < NUMBERS:
            number = edge.FieldCondition(key="number", range=edge.RangeFloat(lt=float(case)))
            condition = edge.Filter(must=[number])
        requests = [
            edge.SearchRequest(
                query=edge.Query.Nearest(query, using="words"),
                limit=K,
                filter=condition,
                with_vector=False,
                with_payload=False,
            )
            for query in self.queries
        ]
        start = time.process_time()
        answers = [self.shard.search(request) for request in requests]
        seconds = time.process_time() - start
        rows = np.full((len(answers), K), -1, "<i4")
        scores = np.zeros((len(answers), K), "<f4")
        for at, answer in enumerate(answers):
            rows[at, : len(answer)] = [point.id for point in answer]
            scores[at, : len(answer)] = [point.score for point in answer]
        rows.tofile(f"{self.folder}/{case}.rows.i32")
        scores.tofile(f"{self.folder}/{case}.scores.f32")
        return len(requests) / seconds


def main():
    side = Side(sys.argv[1])
    for line in sys.stdin:
        order = line.split()
        print(side.build() if order[0] == "build" else side.search(int(order[1])), flush=True)


main()
