"""Random writes of every form, as the client's operations."""

import declared
from generator import IDS, PATHS
from qdrant_client import models
from writing import AddVector, Declare, DropVector, Undeclare

ADDED = ["x1", "x2"]
KEYS = [None, "o", "o.q", "arr[]", "arr[].x", "arr[0]", "arr[9].x", "a", "new.made", "n[]", "o.list[].y", '"we.ird"']


class Changes:
    """Makes writes for collections of one shape; `known` names the ids that are there."""

    def __init__(self, rng, shape, shards, payloads, filters, known):
        self.rng, self.shape, self.shards, self.payloads, self.filters = rng, shape, shards, payloads, filters
        self.known, self.fields = known, set()

    def some_ids(self):
        """Mostly known ids; some lists name a missing one, which over several shards has to fit one chunk."""
        if self.rng.random() < 0.25:
            return self.rng.sample(IDS, self.rng.randint(1, 60 if self.shards == 1 else 32))
        known = self.known()
        return self.rng.sample(known, self.rng.randint(1, min(len(known), 40)))

    def selection(self):
        return {"points": self.some_ids()} if self.rng.random() < 0.6 else {"filter": self.filters.filter()}

    def vectors(self, least):
        names = self.shape.names
        if names == [""]:
            return self.shape.vector("")
        few = min(len(names), self.rng.choice([least, 1, 2, 4, len(names)]))
        return {name: self.shape.vector(name) for name in self.rng.sample(names, few)}

    def upsert(self, most=12):
        count = self.rng.randint(1, most)
        ids = [self.rng.choice(IDS) for _ in range(count)]
        payloads = [self.payloads.payload() if self.rng.random() < 0.9 else None for _ in ids]
        points = [models.PointStruct(id=id, vector=self.vectors(0), payload=payload) for id, payload in zip(ids, payloads)]
        return models.UpsertOperation(upsert=models.PointsList(points=points))

    def columns(self):
        """The column form, in which each point has all the names or none."""
        ids = [self.rng.choice(IDS) for _ in range(self.rng.randint(1, 8))]
        names = self.shape.names
        if names == [""]:
            vectors = [self.shape.vector("") for _ in ids]
        else:
            vectors = {name: [self.shape.vector(name) for _ in ids] for name in self.rng.sample(names, min(2, len(names)))}
        payloads = self.rng.choice([None, [self.payloads.payload() for _ in ids]])
        batch = models.Batch(ids=ids, vectors=vectors, payloads=payloads)
        return models.UpsertOperation(upsert=models.PointsBatch(batch=batch, **self.conditions()))

    def conditions(self):
        return {"update_filter": self.rng.choice([None, self.filters.filter()]),
                "update_mode": self.rng.choice([None, *models.UpdateMode])}

    def conditional(self):
        """Each id once: whether a point is new is asked once for a request."""
        upsert = self.upsert().upsert
        points = list({p.id: p for p in upsert.points}.values())
        return models.UpsertOperation(upsert=models.PointsList(points=points, **self.conditions()))

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
        points = [models.PointVectors(id=id, vector=self.vectors(1)) for id in self.some_ids()[:32]]
        given = self.filters.filter() if self.rng.random() < 0.3 else None
        return models.UpdateVectorsOperation(update_vectors=models.UpdateVectors(points=points, update_filter=given))

    def change(self):
        """A write of points; several of them make a batch."""
        rng = self.rng
        key = rng.choice(KEYS)
        make = rng.choice([
            self.upsert, self.upsert, self.columns, self.conditional, self.conditional, self.delete, self.clear,
            self.update_vectors, self.update_vectors,
            lambda: models.SetPayloadOperation(
                set_payload=models.SetPayload(payload=self.payloads.change(), key=key, **self.selection())),
            lambda: models.SetPayloadOperation(
                set_payload=models.SetPayload(payload={"p": None, "x": rng.choice([None, 7])}, key=key, **self.selection())),
            lambda: models.OverwritePayloadOperation(
                overwrite_payload=models.SetPayload(payload=self.payloads.change(), **self.selection())),
            lambda: models.DeletePayloadOperation(
                delete_payload=models.DeletePayload(keys=rng.sample(PATHS, rng.randint(1, 3)), **self.selection())),
            lambda: models.DeleteVectorsOperation(
                delete_vectors=models.DeleteVectors(vector=[rng.choice(self.shape.names)], **self.selection())),
        ])
        return make()

    def definition(self):
        """A field that is declared or is one no more, or a vector that is new or gone; the shape follows."""
        if self.rng.random() < 0.5 and self.shape.names != [""]:
            name = self.rng.choice(ADDED)
            if name not in self.shape.names:
                params = self.new_vector()
                self.shape.add(name, params)
                return AddVector(name, params)
            self.shape.drop(name)
            return DropVector(name)
        if self.fields and self.rng.random() < 0.4:
            key = self.rng.choice(sorted(self.fields))
            self.fields.discard(key)
            return Undeclare(key)
        key = self.rng.choice([*declared.CHOICES, "t"])
        self.fields.add(key)
        return Declare(key, *declared.field(self.rng, key))

    def new_vector(self):
        multi = models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM)
        more = self.rng.choice([{}, {"datatype": models.Datatype.FLOAT16}, {"datatype": models.Datatype.UINT8},
                                {"multivector_config": multi}])
        return models.VectorParams(size=self.rng.randint(1, 5), distance=self.rng.choice(list(models.Distance)), **more)
