"""hnswlib behind one order per line: "build" answers seconds, "search EF" answers recall@10 and queries per CPU second.

Arguments: folder of base.f32, query.f32 and gt.i32; dimension; m; ef_construct; threads that link.
"""

import sys
import time

import hnswlib
import numpy as np

K = 10
LANES = 16


def rows(path, dimension):
    """Rows padded with zeros to a multiple of 16 floats, without which hnswlib falls back to narrower instructions."""
    values = np.fromfile(path, "<f4").reshape(-1, dimension)
    padded = np.zeros((len(values), -(-dimension // LANES) * LANES), np.float32)
    padded[:, :dimension] = values
    return padded


def main():
    folder, dimension, m, ef_construct, threads = sys.argv[1], *map(int, sys.argv[2:6])
    base = rows(f"{folder}/base.f32", dimension)
    queries = rows(f"{folder}/query.f32", dimension)
    truth = np.fromfile(f"{folder}/gt.i32", "<i4").reshape(-1, K)
    index = hnswlib.Index(space="ip", dim=base.shape[1])
    index.init_index(len(base), M=m, ef_construction=ef_construct)
    for line in sys.stdin:
        order = line.split()
        start = time.perf_counter()
        if order[0] == "build":
            index.add_items(base, num_threads=threads)
            print(time.perf_counter() - start, flush=True)
        else:
            index.set_ef(int(order[1]))
            cpu_start = time.thread_time()
            labels, _ = index.knn_query(queries, k=K, num_threads=1)
            seconds = time.thread_time() - cpu_start
            hits = sum(len(set(found) & set(wanted)) for found, wanted in zip(labels.tolist(), truth.tolist()))
            print(hits / truth.size, len(queries) / seconds, flush=True)


main()
