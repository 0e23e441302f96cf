"""Qdrant's engine behind one order per line: "build" answers seconds; "search EF" and "search FIELD CASE EF ACORN" answer
recall@10 and queries per CPU second of the process.

Arguments: folder of base.f32, query.f32 and gt.i32, for filters random.i32 and region.i32 too (a number of each row);
dimension; m; ef_construct; threads that link. CASE is a file of int32: query, lowest and highest number, and the ten rows
that are to be found, -1 where there are fewer.
"""

import os
import sys
import time

import numpy as np
import qdrant_edge as edge

K = 10
BATCH = 2_000
FIELDS = ("random", "region")


class Side:
    def __init__(self, folder, dimension, m, ef_construct, threads):
        self.folder = folder
        self.base = np.fromfile(f"{folder}/base.f32", "<f4").reshape(-1, dimension)
        self.queries = np.fromfile(f"{folder}/query.f32", "<f4").reshape(-1, dimension)
        files = {field: f"{folder}/{field}.i32" for field in FIELDS}
        self.numbers = {field: np.fromfile(file, "<i4") for field, file in files.items() if os.path.exists(file)}
        hnsw = edge.HnswIndexConfig(
            m=m, ef_construct=ef_construct, full_scan_threshold=10_000, max_indexing_threads=threads
        )
        self.shard = edge.EdgeShard.create(
            f"{folder}/shard",
            edge.EdgeConfig(
                vectors=edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine),
                hnsw_config=hnsw,
                optimizers=edge.EdgeOptimizersConfig(default_segment_number=1, max_segment_size=1 << 30),
                max_search_threads=1,
                wal_enabled=False,
            ),
        )

    def build(self):
        start = time.perf_counter()
        for field in self.numbers:
            self.shard.update(edge.UpdateOperation.create_field_index(field, edge.PayloadSchemaType.Integer))
        for first in range(0, len(self.base), BATCH):
            points = [
                edge.Point(row, self.base[row].tolist(), {field: int(self.numbers[field][row]) for field in self.numbers})
                for row in range(first, min(first + BATCH, len(self.base)))
            ]
            self.shard.update(edge.UpdateOperation.upsert_points(points))
        self.shard.optimize()
        print(f"qdrant-edge: {self.shard.info().segments_count} segments", file=sys.stderr)
        return time.perf_counter() - start

    def search(self, ef):
        truth = np.fromfile(f"{self.folder}/gt.i32", "<i4").reshape(-1, K)
        requests = [self.request(query, None, ef, False) for query in range(len(self.queries))]
        return self.timed(requests, [set(row.tolist()) for row in truth])

    def filtered(self, field, case, ef, acorn):
        rows = np.fromfile(f"{self.folder}/{case}.i32", "<i4").reshape(-1, 3 + K)
        requests = []
        for row in rows:
            number = edge.FieldCondition(key=field, range=edge.RangeFloat(gte=float(row[1]), lte=float(row[2])))
            requests.append(self.request(row[0], edge.Filter(must=[number]), ef, acorn))
        return self.timed(requests, [set(row[3:].tolist()) - {-1} for row in rows])

    def timed(self, requests, wanted):
        start = time.process_time()
        answers = [self.shard.search(request) for request in requests]
        seconds = time.process_time() - start
        hits = sum(len(truth & {point.id for point in answer}) for truth, answer in zip(wanted, answers))
        return hits / sum(map(len, wanted)), len(requests) / seconds

    def request(self, query, condition, ef, acorn):
        return edge.SearchRequest(
            query=edge.Query.Nearest(self.queries[query].tolist()),
            limit=K,
            filter=condition,
            params=edge.SearchParams(hnsw_ef=ef, acorn=edge.AcornSearchParams(enable=True) if acorn else None),
            with_vector=False,
            with_payload=False,
        )


def main():
    side = Side(sys.argv[1], *map(int, sys.argv[2:6]))
    for line in sys.stdin:
        order = line.split()
        if order[0] == "build":
            print(side.build(), flush=True)
        elif len(order) == 2:
            print(*side.search(int(order[1])), flush=True)
        else:
            print(*side.filtered(order[1], order[2], int(order[3]), order[4] == "true"), flush=True)


main()
