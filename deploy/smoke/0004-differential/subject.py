"""What reads are asked about: a collection of one random shape, and another one to look up from, each also in an oracle."""

from collections import Counter

import declared
from edge_queries import EdgeQueries
from generator import IDS, PATHS, TYPED, UUIDS, Filters, Payloads
from mistakes import Mistakes
from oracle import Oracle
from qdrant_client import models
from questions import Questions, Shape

POINTS, OTHERS = 70, 25
ORDERED = {"size": "integer", "price": "float", "day": "datetime"}


def shape(rng, number):
    """One unnamed vector, or many forms by name; all metrics come round."""
    distances = list(models.Distance)
    params = lambda at, **more: models.VectorParams(size=4, distance=distances[at % 4], **more)
    if number % 3 == 2:
        return Shape(rng, {"": params(number // 3)}, {})
    multi = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
    vectors = {"a": params(number), "b": params(number + 1), "h": params(number + 2, datatype=models.Datatype.FLOAT16),
               "w": params(number + 3, datatype=models.Datatype.UINT8), "m": params(number // 2, multivector_config=multi)}
    sparse = {"s": models.SparseVectorParams(), "i": models.SparseVectorParams(modifier=models.Modifier.IDF)}
    return Shape(rng, vectors, sparse)


class Subject:
    """The collections, and the way to ask both ways about the first one."""

    def __init__(self, rng, ways, client, number, name):
        self.rng, self.ways, self.client, self.name, self.other = rng, ways, client, name, f"{name}-other"
        self.shape = shape(rng, number)
        self.differences, self.asked = [], Counter()
        self.declared = {} if number % 3 == 0 else declared.fitting() | declared.some(rng)
        self.shards = rng.choice([1, 1, 3])
        self.payloads = Payloads(rng)
        ids = rng.sample(IDS[:48], POINTS - 24) + UUIDS + [2**40, 2**63 - 1]
        self.oracle = self.filled(self.name, ids, self.declared)
        groups = [*range(6), *UUIDS[:6]]
        self.others = self.filled(self.other, groups + list(range(100, 100 + OTHERS)), {})
        edge_others = EdgeQueries(self.others, self.other, {})
        self.edge = EdgeQueries(self.oracle, self.name, {self.other: edge_others})
        self.filters = Filters(rng, self.shape.names, TYPED)
        self.rows = self.oracle.everything()
        self.mistakes = Mistakes(rng, self.shape, self.name)
        self.questions = Questions(
            rng, self.shape, self.filters, self.ids, (self.name, self.other), ORDERED if self.declared else {},
            lambda given: self.oracle.count(given))

    def __str__(self):
        return f"{self.shape.vectors}, {list(self.shape.sparse)}, {self.shards} shards, declared {self.declared}"

    def filled(self, name, ids, fields):
        """The same points in a collection and in an oracle."""
        config = self.shape.vectors.get("") or self.shape.vectors
        self.client.delete_collection(name)
        self.client.create_collection(
            name, vectors_config=config, sparse_vectors_config=self.shape.sparse or None, shard_number=self.shards)
        points = [
            models.PointStruct(id=id, vector=self.shape.all(), payload=self.payloads.typed(at)) for at, id in enumerate(ids)]
        self.client.upsert(name, points, wait=True)
        oracle = Oracle(self.shape.vectors, self.shape.sparse, counts_rarity=True)
        oracle.apply(models.UpsertOperation(upsert=models.PointsList(points=points)))
        for key, (ours, theirs) in fields.items():
            self.client.create_payload_index(name, key, field_schema=ours, wait=True)
            oracle.declare(key, theirs)
        return oracle

    def close(self):
        for oracle, name in ((self.oracle, self.name), (self.others, self.other)):
            oracle.close()
            self.client.delete_collection(name)

    def ids(self, lookup, using):
        """The points that can be examples of a vector."""
        where = self.edge if lookup is None else self.edge.others.get(lookup.collection, self.edge)
        name = lookup.vector if lookup is not None and lookup.vector is not None else using
        return [id for id, vectors in where.stored.items() if name == "" or name in vectors]

    def differ(self, asked, what, wanted, got):
        self.differences.append(f"  {what}: {asked}\n    wanted {wanted}\n    got    {got}")

    def ask(self, asked):
        """The answer of both ways; None where they differ."""
        self.asked[asked.family] += 1
        rest, grpc = self.ways.rest(self.name, asked), self.ways.grpc(asked)
        if rest.differs(grpc):
            self.differ(asked, "gRPC is not REST", rest, grpc)
            return None
        return rest

    def selectors(self):
        paths = self.rng.sample([p for p in [*PATHS, *TYPED] if "[0]" not in p and "[1]" not in p], self.rng.randint(1, 3))
        payload = self.rng.choice([
            None, True, False, paths, models.PayloadSelectorInclude(include=paths), models.PayloadSelectorExclude(exclude=paths)])
        names = [] if self.shape.names == [""] else [self.rng.sample(self.shape.names, 2)]
        return payload, self.rng.choice([None, True, False, *names])
