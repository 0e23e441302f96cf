"""usearch behind one order per line: "build" answers seconds, "search EF" answers recall@10 and queries per CPU second.

Arguments: folder of base.f32, query.f32 and gt.i32; dimension; m; ef_construct; threads that link.
"""

import sys
import time

import numpy as np
from usearch.index import Index

K = 10


def main():
    folder, dimension, m, ef_construct, threads = sys.argv[1], *map(int, sys.argv[2:6])
    base = np.fromfile(f"{folder}/base.f32", "<f4").reshape(-1, dimension)
    queries = np.fromfile(f"{folder}/query.f32", "<f4").reshape(-1, dimension)
    truth = np.fromfile(f"{folder}/gt.i32", "<i4").reshape(-1, K)
    index = Index(ndim=dimension, metric="ip", dtype="f32", connectivity=m, expansion_add=ef_construct)
    print(f"usearch: {index.hardware_acceleration}", file=sys.stderr)
    for line in sys.stdin:
        order = line.split()
        start = time.perf_counter()
        if order[0] == "build":
            index.add(np.arange(len(base)), base, threads=threads)
            print(time.perf_counter() - start, flush=True)
        else:
            index.expansion_search = int(order[1])
            cpu_start = time.process_time()
            found = index.search(queries, K, threads=1)
            seconds = time.process_time() - cpu_start
            hits = sum(len(set(row) & set(wanted)) for row, wanted in zip(found.keys.tolist(), truth.tolist()))
            print(hits / truth.size, len(queries) / seconds, flush=True)


main()
