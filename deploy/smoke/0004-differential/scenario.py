"""Seeded random requests of every family against Eddy over REST, Eddy over gRPC and independent oracles: the same answers.

Usage: scenario.py REST_PORT GRPC_PORT [SEED] [OPERATIONS]. Prints the seed, the differences and how often each family was
asked; exit code 0 = no difference. Four parts take turns: writes.py writes twin collections and reads them back, reads.py
reads one collection by both ways, both against pip `qdrant-edge-py`, the engine of the server version 1.19 whose contract
Eddy keeps, in this process; queries.py has the in-memory mode of pip `qdrant-client` as another oracle; fidelity.py gets
payloads back. Each lists where its oracle is not asked, and why; docs/compatibility.md tells what that makes together.
"""

import random
import sys
import warnings
from collections import Counter

from fidelity import Fidelity
from qdrant_client import QdrantClient
from queries import Queries
from reads import Reads
from twins import Twin
from ways import Ways
from writes import Writes

# What one round asks; the rest of it are reads.
PER_ROUND, WRITES, QUERIES, PAYLOADS = 100, 25, 10, 5


def main():
    rest_port, grpc_port = int(sys.argv[1]), int(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 31)
    operations = int(sys.argv[4]) if len(sys.argv) > 4 else 300
    print(f"seed {seed}, operations {operations}", flush=True)
    warnings.filterwarnings("ignore", "Pydantic serializer warnings")  # of the words in later.py
    options = {"host": "127.0.0.1", "port": rest_port, "check_compatibility": False, "timeout": 60}
    twins = [Twin("rest", seed, QdrantClient(**options)),
             Twin("grpc", seed, QdrantClient(**options, grpc_port=grpc_port, prefer_grpc=True))]
    ways = Ways(rest_port, grpc_port)
    differences, asked = 0, Counter()
    for number, start in enumerate(range(0, operations, PER_ROUND)):
        share = min(PER_ROUND, operations - start) / PER_ROUND
        # Each part has its chance of its own, so that a round can be had again alone.
        chance = lambda part: random.Random(f"{seed} {number} {part}")
        parts = [
            (Writes(chance("writes"), twins, number), round(WRITES * share)),
            (Queries(chance("queries"), twins, number), round(QUERIES * share)),
            (Fidelity(chance("payloads"), ways, f"differential-{seed}"), round(PAYLOADS * share)),
            (Reads(chance("reads"), ways, twins[0].client, number, f"differential-reads-{seed}"),
             round((PER_ROUND - WRITES - QUERIES - PAYLOADS) * share)),
        ]
        for part, count in parts:
            try:
                part.run(count)
            finally:
                part.close()
            asked.update(part.asked)
            for text in part.differences:
                print(f"difference, seed {seed}, round {number}, {type(part).__name__}, {part}\n{text}", flush=True)
            differences += len(part.differences)
    ways.close()
    print(", ".join(f"{family} {count}" for family, count in sorted(asked.items())))
    if differences:
        sys.exit(f"seed {seed}: {differences} differences")
    print(f"ok: seed {seed}, {asked.total()} requests, no difference")


if __name__ == "__main__":
    main()
