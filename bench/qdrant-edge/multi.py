"""Qdrant's engine and multivectors by max_sim, one order per line: "build" answers seconds; "exact" and "search EF" answer
recall@10 and queries per CPU second of the process.

Arguments: folder of base.* and query.* (f32 and starts.i32: the row at which each begins, and the count of rows) and, from
the first search on, nearest.i32 (the ten nearest of each query, -1 where there are fewer); dimension; m; ef_construct; threads
that link; "scalar" or "none", what rows are quantized by.
"""

import sys
import time

import numpy as np
import qdrant_edge as edge

K = 10
BATCH = 1_000


class Multivectors:
    def __init__(self, stem, dimension):
        self.rows = np.memmap(f"{stem}.f32", "<f4", "r").reshape(-1, dimension)
        self.starts = np.fromfile(f"{stem}.starts.i32", "<i4")

    def __len__(self):
        return len(self.starts) - 1

    def vector(self, number):
        return self.rows[self.starts[number] : self.starts[number + 1]].tolist()


class Side:
    def __init__(self, folder, dimension, m, ef_construct, threads, codes):
        self.folder = folder
        self.base = Multivectors(f"{folder}/base", dimension)
        queries = Multivectors(f"{folder}/query", dimension)
        self.queries = [queries.vector(number) for number in range(len(queries))]
        is_quantized = codes == "scalar"
        self.codes = edge.QuantizationSearchParams(rescore=True) if is_quantized else None
        self.shard = edge.EdgeShard.create(
            f"{folder}/shard",
            edge.EdgeConfig(
                vectors=edge.EdgeVectorParams(
                    size=dimension,
                    distance=edge.Distance.Cosine,
                    multivector_config=edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim),
                    quantization_config=edge.ScalarQuantizationConfig(edge.ScalarType.Int8) if is_quantized else None,
                ),
                hnsw_config=edge.HnswIndexConfig(
                    m=m, ef_construct=ef_construct, full_scan_threshold=10_000, max_indexing_threads=threads
                ),
                optimizers=edge.EdgeOptimizersConfig(default_segment_number=1, max_segment_size=1 << 30),
                max_search_threads=1,
                wal_enabled=False,
            ),
        )

    def build(self):
        start = time.perf_counter()
        for first in range(0, len(self.base), BATCH):
            numbers = range(first, min(first + BATCH, len(self.base)))
            points = [edge.Point(number, self.base.vector(number), {}) for number in numbers]
            self.shard.update(edge.UpdateOperation.upsert_points(points))
        self.shard.optimize()
        info = self.shard.info()
        print(f"qdrant-edge: {info.segments_count} segments, {info.indexed_vectors_count} indexed", file=sys.stderr)
        return time.perf_counter() - start

    def search(self, params):
        requests = [
            edge.SearchRequest(
                query=edge.Query.Nearest(query), limit=K, params=params, with_vector=False, with_payload=False
            )
            for query in self.queries
        ]
        start = time.process_time()
        answers = [self.shard.search(request) for request in requests]
        seconds = time.process_time() - start
        nearest = np.fromfile(f"{self.folder}/nearest.i32", "<i4").reshape(-1, K)
        wanted = [set(row.tolist()) - {-1} for row in nearest]
        hits = sum(len(truth & {point.id for point in answer}) for truth, answer in zip(wanted, answers))
        return hits / sum(map(len, wanted)), len(requests) / seconds

    def exact(self):
        return self.search(edge.SearchParams(exact=True))

    def near(self, ef):
        return self.search(edge.SearchParams(hnsw_ef=ef, quantization=self.codes))


def main():
    side = Side(sys.argv[1], *map(int, sys.argv[2:6]), sys.argv[6])
    for line in sys.stdin:
        order = line.split()
        if order[0] == "build":
            print(side.build(), flush=True)
        elif order[0] == "exact":
            print(*side.exact(), flush=True)
        else:
            print(*side.near(int(order[1])), flush=True)


main()
