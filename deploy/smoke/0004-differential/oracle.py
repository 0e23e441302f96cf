"""The independent engine, in this process: pip `qdrant-edge-py`, fed with the client's models.

Where the oracle is not asked, and why:
- `match` of a boolean: the binding hands True to the engine as 1; the matching ids are worked out here instead, and the
  condition is not used inside `nested`.
- set payload with a top-level null on an empty payload: the engine tells "never had a payload" (null is stored) from
  "became empty" (null is dropped); the contract says that both are the same and the null is stored. The oracle's empty
  payloads are cleared first, which makes them all "never had one".
- `slice`: the binding has none; the matching ids are worked out here.
- a query by id: the binding has none; edge_queries.py asks for its stored vector and leaves the id out.
- the order of retrieve and of equal scores: by the contract the order of the request, and undefined.
- `with_payload` paths with an index (`a[0]`): the engine keeps no element for them, Eddy the one that is named.
- an empty `should` inside `nested` and integers above 2^63-1: gRPC has no words for them.
- a sparse vector with the modifier `idf` after writes: the engine counts what is dead, too; scores are worked out here by the
  contract's formula. Where nothing was written over (`counts_rarity`) the engine itself is asked.
- products of sparse vectors that are exactly 0: the engine leaves such points out, though they share an index. None is made.
- update vectors of more than 32 ids with a missing one: the engine takes the ids in the order of a hash table.
"""

import math
import shutil
import tempfile
import uuid

import qdrant_edge as edge
from later import MatchPrefix, SliceCondition
from qdrant_client import models
from siphash import siphash
from writing import AddVector, Declare, DropVector, Undeclare

EVERYTHING = 10_000  # the most that a matrix may sample
EDGE_DISTANCE = {
    models.Distance.COSINE: edge.Distance.Cosine,
    models.Distance.DOT: edge.Distance.Dot,
    models.Distance.EUCLID: edge.Distance.Euclid,
    models.Distance.MANHATTAN: edge.Distance.Manhattan,
}


EDGE_DATATYPE = {
    None: None,
    models.Datatype.FLOAT16: edge.VectorStorageDatatype.Float16,
    models.Datatype.UINT8: edge.VectorStorageDatatype.Uint8,
}

UPDATE_MODE = {
    None: None,
    models.UpdateMode.UPSERT: edge.UpdateMode.Upsert,
    models.UpdateMode.INSERT_ONLY: edge.UpdateMode.InsertOnly,
    models.UpdateMode.UPDATE_ONLY: edge.UpdateMode.UpdateOnly,
}


def params_of(given):
    multi = edge.MultiVectorConfig(edge.MultiVectorComparator.MaxSim) if given.multivector_config else None
    return edge.EdgeVectorParams(
        size=given.size, distance=EDGE_DISTANCE[given.distance], multivector_config=multi, datatype=EDGE_DATATYPE[given.datatype])


def native(vector):
    """A vector, or vectors by name, as the engine wants them."""
    if isinstance(vector, dict):
        return {name: native(v) for name, v in vector.items()}
    return edge.SparseVector(vector.indices, vector.values) if hasattr(vector, "indices") else vector


def listed_points(upsert):
    """The points of an upsert, of the column form too."""
    if isinstance(upsert, models.PointsList):
        return upsert.points
    batch = upsert.batch
    at = lambda i: {n: v[i] for n, v in batch.vectors.items()} if isinstance(batch.vectors, dict) else batch.vectors[i]
    return [models.PointStruct(id=id, vector=at(i), payload=batch.payloads[i] if batch.payloads else None)
            for i, id in enumerate(batch.ids)]


def slice_of(id, total):
    """The slice that an id is in: the hash of its bytes, by the contract."""
    return siphash(id.to_bytes(8, "little") if isinstance(id, int) else uuid.UUID(id).bytes) % total


def rarity(count, having):
    return math.log((count - having + 0.5) / (having + 0.5) + 1)


def same_boolean(value, wanted):
    return any(v is wanted for v in (value if isinstance(value, list) else [value]))


def values_at(value, steps):
    """The values at a path, by the contract's words: no array is entered without a step that says so."""
    if not steps:
        return [value]
    step, rest = steps[0], steps[1:]
    if step == "[]":
        return [found for element in value for found in values_at(element, rest)] if isinstance(value, list) else []
    if step.startswith("["):
        index = int(step[1:-1])
        return values_at(value[index], rest) if isinstance(value, list) and index < len(value) else []
    return values_at(value[step], rest) if isinstance(value, dict) and step in value else []


def steps_of(path):
    if path.startswith('"'):
        return [path.strip('"')]
    return [step for step in path.replace("[", ".[").split(".") if step]


class NotFound(Exception):
    pass


class Oracle:
    """The engine in this process."""

    def __init__(self, vectors, sparse, counts_rarity=False):
        self.folder = tempfile.mkdtemp(prefix="eddy-oracle-")
        rare = {name for name, p in sparse.items() if p.modifier == models.Modifier.IDF}
        counted = edge.Modifier.Idf if counts_rarity else None
        self.rare = set() if counts_rarity else rare
        made = {name: params_of(p) for name, p in vectors.items()}
        self.shard = edge.EdgeShard.create(self.folder, edge.EdgeConfig(
            vectors=made[""] if "" in made else made,
            sparse_vectors={
                name: edge.EdgeSparseVectorParams(modifier=counted if name in rare else None) for name in sparse} or None))

    def close(self):
        self.shard.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def filter(self, given):
        if given is None:
            return None
        clause = lambda conditions: None if conditions is None else [self.condition(c) for c in conditions]
        least = given.min_should
        return edge.Filter(
            must=clause(given.must), should=clause(given.should), must_not=clause(given.must_not),
            min_should=edge.MinShould(clause(least.conditions), least.min_count) if least else None)

    def condition(self, c):
        if isinstance(c, models.Filter):
            return self.filter(c)
        if isinstance(c, models.NestedCondition):
            return edge.NestedCondition(c.nested.key, self.filter(c.nested.filter))
        if isinstance(c, models.HasIdCondition):
            return edge.HasIdCondition(set(c.has_id))
        if isinstance(c, SliceCondition):
            return edge.HasIdCondition({
                id for id, _, _ in self.everything() if slice_of(id, c.slice.total) == c.slice.index})
        if isinstance(c, models.HasVectorCondition):
            return edge.HasVectorCondition(c.has_vector)
        if isinstance(c, models.IsEmptyCondition):
            return edge.IsEmptyCondition(c.is_empty.key)
        if isinstance(c, models.IsNullCondition):
            return edge.IsNullCondition(c.is_null.key)
        if isinstance(c.match, models.MatchValue) and isinstance(c.match.value, bool):
            return edge.HasIdCondition({
                id for id, payload, _ in self.everything()
                if any(same_boolean(v, c.match.value) for v in values_at(payload, steps_of(c.key)))})
        return edge.FieldCondition(c.key, **self.predicate(c))

    def predicate(self, c):
        point = lambda p: edge.GeoPoint(p.lon, p.lat)
        ring = lambda line: [point(p) for p in line.points]
        limits = lambda r, text=lambda v: v: {k: text(v) for k in ("gt", "gte", "lt", "lte") if (v := getattr(r, k)) is not None}
        match = {
            models.MatchValue: lambda m: edge.MatchValue(m.value),
            models.MatchAny: lambda m: edge.MatchAny(m.any),
            models.MatchExcept: lambda m: edge.MatchExcept(m.except_),
            models.MatchText: lambda m: edge.MatchText(m.text),
            models.MatchTextAny: lambda m: edge.MatchTextAny(m.text_any),
            models.MatchPhrase: lambda m: edge.MatchPhrase(m.phrase),
            MatchPrefix: lambda m: edge.MatchPrefix(m.prefix),
        }
        if c.match is not None:
            return {"match": match[type(c.match)](c.match)}
        if isinstance(c.range, models.DatetimeRange):
            return {"range": edge.RangeDateTime(**limits(c.range, lambda at: at.isoformat()))}
        if c.range is not None:
            return {"range": edge.RangeFloat(**limits(c.range))}
        if c.geo_bounding_box is not None:
            box = c.geo_bounding_box
            return {"geo_bounding_box": edge.GeoBoundingBox(point(box.top_left), point(box.bottom_right))}
        if c.geo_radius is not None:
            return {"geo_radius": edge.GeoRadius(point(c.geo_radius.center), c.geo_radius.radius)}
        if c.geo_polygon is not None:
            holes = c.geo_polygon.interiors
            return {"geo_polygon": edge.GeoPolygon(ring(c.geo_polygon.exterior), [ring(h) for h in holes] if holes else None)}
        if c.values_count is not None:
            return {"values_count": edge.ValuesCount(**limits(c.values_count))}
        return {"is_empty": c.is_empty} if c.is_empty is not None else {"is_null": c.is_null}

    def apply(self, op):
        """Applies one of the client's update operations; NotFound where an id is missing."""
        try:
            for update in self.updates(op):
                self.shard.update(update)
        except Exception as e:  # the binding has one kind of error only
            if "No point with id" in str(e):
                raise NotFound(str(e)) from e
            raise

    def updates(self, op):
        make = edge.UpdateOperation
        if isinstance(op, models.UpsertOperation):
            points = [edge.Point(p.id, native(p.vector), p.payload or None) for p in listed_points(op.upsert)]
            return [make.upsert_points(points, self.filter(op.upsert.update_filter), UPDATE_MODE[op.upsert.update_mode])]
        if isinstance(op, models.UpdateVectorsOperation):
            points = [edge.PointVectors(p.id, native(p.vector)) for p in op.update_vectors.points]
            return [make.update_vectors(points, self.filter(op.update_vectors.update_filter))]
        if isinstance(op, Declare):
            return [make.create_field_index(op.key, op.theirs)]
        if isinstance(op, Undeclare):
            return [make.delete_field_index(op.key)]
        if isinstance(op, AddVector):
            p = params_of(op.params)
            return [make.create_dense_vector(op.name, p.size, p.distance, p.multivector_config, p.datatype)]
        if isinstance(op, DropVector):
            return [make.delete_vector_name(op.name)]
        if isinstance(op, models.DeleteOperation):
            return [self.selected(op.delete, make.delete_points, make.delete_points_by_filter)]
        if isinstance(op, models.ClearPayloadOperation):
            return [self.selected(op.clear_payload, make.clear_payload, make.clear_payload_by_filter)]
        if isinstance(op, models.DeleteVectorsOperation):
            body = op.delete_vectors
            return [self.selected(body, make.delete_vectors, make.delete_vectors_by_filter, body.vector)]
        if isinstance(op, models.DeletePayloadOperation):
            body = op.delete_payload
            return [self.selected(body, make.delete_payload, make.delete_payload_by_filter, body.keys)]
        if isinstance(op, models.OverwritePayloadOperation):
            body = op.overwrite_payload
            return [self.selected(body, make.overwrite_payload, make.overwrite_payload_by_filter, body.payload)]
        body = op.set_payload
        empty = [id for id, payload, _ in self.everything() if not payload]
        change = self.selected(body, make.set_payload, make.set_payload_by_filter, body.payload, body.key)
        return ([make.clear_payload(empty)] if empty else []) + [change]

    def selected(self, selection, by_ids, by_filter, *rest):
        if isinstance(selection, models.PointIdsList) or getattr(selection, "points", None) is not None:
            return by_ids(selection.points, *rest)
        return by_filter(self.filter(selection.filter), *rest)

    def everything(self):
        return self.scroll(None, True, True)

    @staticmethod
    def selector(with_payload):
        if isinstance(with_payload, models.PayloadSelectorExclude):
            return edge.PayloadSelector.Exclude(with_payload.exclude)
        if isinstance(with_payload, models.PayloadSelectorInclude):
            return edge.PayloadSelector.Include(with_payload.include)
        return with_payload

    def scroll(self, given, with_payload, with_vectors):
        points, _ = self.shard.scroll(edge.ScrollRequest(
            limit=EVERYTHING, filter=self.filter(given), with_payload=self.selector(with_payload), with_vector=with_vectors))
        return [row(p) for p in points]

    def count(self, given):
        return self.shard.count(edge.CountRequest(True, self.filter(given)))

    def ordered(self, order_by, given):
        """Ids with their values, in the order of a field."""
        points, _ = self.shard.scroll(edge.ScrollRequest(limit=EVERYTHING, filter=self.filter(given), order_by=order_by))
        return [(plain_id(p.id), p.order_value) for p in points]

    def facet(self, key, given):
        hits = self.shard.facet(edge.FacetRequest(key, EVERYTHING, True, self.filter(given)))
        return [{"value": str(h.value) if isinstance(h.value, uuid.UUID) else h.value, "count": h.count} for h in hits]

    def declare(self, key, schema):
        self.shard.update(edge.UpdateOperation.create_field_index(key, schema))

    def ranking(self, vector, using, given, threshold):
        if using in self.rare:
            vector = self.weighted(vector, using)
        query = edge.Query.Nearest(native(vector), using or None)
        found = self.shard.query(edge.QueryRequest(
            limit=EVERYTHING, query=query, filter=self.filter(given), score_threshold=threshold,
            params=edge.SearchParams(exact=True)))
        return [(plain_id(p.id), p.score) for p in found]


    def weighted(self, vector, using):
        stored = [set(v[using].indices) for _, _, v in self.everything() if using in v and v[using].indices]
        weights = [rarity(len(stored), sum(index in having for having in stored)) for index in vector.indices]
        return models.SparseVector(indices=vector.indices, values=[v * w for v, w in zip(vector.values, weights)])


def plain_id(id):
    return id if isinstance(id, int) else str(id)


def row(point):
    return plain_id(point.id), point.payload or {}, point.vector or {}
