"""The requests of every read family in the words of both ways."""

from later import plain
from qdrant_client import grpc, models
from qdrant_client.conversions.conversion import RestToGrpc
from ways import Asked

CONVERT = {
    "filter": RestToGrpc.convert_filter, "params": RestToGrpc.convert_search_params,
    "with_payload": RestToGrpc.convert_with_payload_interface, "lookup_from": RestToGrpc.convert_lookup_location,
    "order_by": RestToGrpc.convert_order_by_interface,
}


def shared(**given):
    """Those words of a request that are there, over REST and over gRPC."""
    given = {name: value for name, value in given.items() if value is not None}
    body = {name: plain(value) if hasattr(value, "model_dump") else value for name, value in given.items()}
    fields = {name: CONVERT[name](value) if name in CONVERT else value for name, value in given.items()}
    if "with_vector" in fields:
        fields["with_vectors"] = RestToGrpc.convert_with_vectors(fields.pop("with_vector"))
    return body, fields


def query(name, request):
    return Asked("query", "points/query", plain(request), "Query", RestToGrpc.convert_query_request(request, name))


def query_batch(name, requests):
    message = grpc.QueryBatchPoints(
        collection_name=name, query_points=[RestToGrpc.convert_query_request(r, name) for r in requests])
    return Asked("query batch", "points/query/batch", {"searches": [plain(r) for r in requests]}, "QueryBatch", message)


def lookup_of(given):
    if given is None:
        return {}, {}
    if isinstance(given, str):
        return {"with_lookup": given}, {"with_lookup": grpc.WithLookup(collection=given)}
    return {"with_lookup": plain(given)}, {"with_lookup": RestToGrpc.convert_with_lookup(given)}


def grouped(by, size, lookup):
    body, fields = lookup_of(lookup)
    words = {"group_by": by} | ({} if size is None else {"group_size": size})
    return words | body, words | fields


def query_groups(name, request, by, size, lookup):
    body, fields = grouped(by, size, lookup)
    one = RestToGrpc.convert_query_request(request, name)
    message = grpc.QueryPointGroups(
        collection_name=name, prefetch=one.prefetch, **fields,
        **{f: getattr(one, f) for f in ("query", "filter", "params", "with_payload", "with_vectors", "lookup_from")
           if one.HasField(f)},
        **{f: getattr(one, f) for f in ("using", "score_threshold", "limit") if one.HasField(f)})
    without = {k: v for k, v in plain(request).items() if k != "offset"}
    return Asked("query groups", "points/query/groups", without | body, "QueryGroups", message)


# the older families, which the client has no calls for any more


def old_search(r):
    """A search in the old words: a request for the nearest of a vector."""
    body, fields = shared(
        filter=r.filter, params=r.params, limit=r.limit, offset=r.offset, score_threshold=r.score_threshold,
        with_payload=r.with_payload, with_vector=r.with_vector)
    is_sparse = hasattr(r.query, "indices")
    vector = plain(r.query) if is_sparse else r.query
    body["vector"] = vector if r.using is None else {"name": r.using, "vector": vector}
    fields |= {"vector": r.query.values if is_sparse else r.query}
    if is_sparse:
        fields["sparse_indices"] = grpc.SparseIndices(data=r.query.indices)
    if r.using is not None:
        fields["vector_name"] = r.using
    return body, fields


def example_of(example):
    if isinstance(example, (int, str)):
        return grpc.VectorExample(id=RestToGrpc.convert_extended_point_id(example))
    return grpc.VectorExample(vector=old_vector(example))


def old_vector(vector):
    if hasattr(vector, "indices"):
        return grpc.Vector(data=vector.values, indices=grpc.SparseIndices(data=vector.indices))
    return grpc.Vector(data=vector)


def plain_example(example):
    return plain(example) if hasattr(example, "model_dump") else example


def old_recommend(r):
    given = r.query.recommend
    body, fields = shared(
        filter=r.filter, params=r.params, limit=r.limit, offset=r.offset, score_threshold=r.score_threshold, using=r.using,
        with_payload=r.with_payload, with_vector=r.with_vector, lookup_from=r.lookup_from)
    for side in ("positive", "negative"):
        examples = getattr(given, side) or []
        body[side] = [plain_example(e) for e in examples]
        fields[side] = [RestToGrpc.convert_extended_point_id(e) for e in examples if isinstance(e, (int, str))]
        fields[f"{side}_vectors"] = [old_vector(e) for e in examples if not isinstance(e, (int, str))]
    if given.strategy is not None:
        body["strategy"] = given.strategy.value
        fields["strategy"] = RestToGrpc.convert_recommend_strategy(given.strategy)
    return body, fields


def old_discover(r):
    is_context = isinstance(r.query, models.ContextQuery)
    target, pairs = (None, r.query.context) if is_context else (r.query.discover.target, r.query.discover.context)
    body, fields = shared(
        filter=r.filter, params=r.params, limit=r.limit, offset=r.offset, using=r.using, with_payload=r.with_payload,
        with_vector=r.with_vector, lookup_from=r.lookup_from)
    if target is not None:
        body["target"] = plain_example(target)
        fields["target"] = grpc.TargetVector(single=example_of(target))
    body["context"] = [{"positive": plain_example(p.positive), "negative": plain_example(p.negative)} for p in pairs or []]
    fields["context"] = [
        grpc.ContextExamplePair(positive=example_of(p.positive), negative=example_of(p.negative)) for p in pairs or []]
    return body, fields


OLD = {"search": (old_search, grpc.SearchPoints), "recommend": (old_recommend, grpc.RecommendPoints),
       "discover": (old_discover, grpc.DiscoverPoints)}
OLD_BATCH = {"search": (grpc.SearchBatchPoints, "search_points"), "recommend": (grpc.RecommendBatchPoints, "recommend_points"),
             "discover": (grpc.DiscoverBatchPoints, "discover_points")}
OLD_GROUPS = {"search": grpc.SearchPointGroups, "recommend": grpc.RecommendPointGroups}


def old(name, family, request):
    words, message = OLD[family]
    body, fields = words(request)
    return Asked(family, f"points/{family}", body, family.capitalize(), message(collection_name=name, **fields))


def old_batch(name, family, requests):
    words, message = OLD[family]
    batch, field = OLD_BATCH[family]
    made = [words(r) for r in requests]
    messages = [message(collection_name=name, **fields) for _, fields in made]
    return Asked(f"{family} batch", f"points/{family}/batch", {"searches": [body for body, _ in made]},
                 f"{family.capitalize()}Batch", batch(collection_name=name, **{field: messages}))


def old_groups(name, family, request, by, size, lookup):
    body, fields = OLD[family][0](request)
    for words in (body, fields):
        words.pop("offset", None)
    more, more_fields = grouped(by, size, lookup)
    return Asked(f"{family} groups", f"points/{family}/groups", body | more, f"{family.capitalize()}Groups",
                 OLD_GROUPS[family](collection_name=name, **fields, **more_fields))


# the families without a ranking


def scroll(name, given, limit, offset, order_by, with_payload, with_vector):
    body, fields = shared(filter=given, limit=limit, order_by=order_by, with_payload=with_payload, with_vector=with_vector)
    if offset is not None:
        body["offset"], fields["offset"] = offset, RestToGrpc.convert_extended_point_id(offset)
    return Asked("scroll", "points/scroll", body, "Scroll", grpc.ScrollPoints(collection_name=name, **fields))


def retrieve(name, ids, with_payload, with_vector):
    body, fields = shared(with_payload=with_payload, with_vector=with_vector)
    message = grpc.GetPoints(collection_name=name, ids=[RestToGrpc.convert_extended_point_id(id) for id in ids], **fields)
    return Asked("retrieve", "points", body | {"ids": ids}, "Get", message)


def count(name, given, exact):
    body, fields = shared(filter=given, exact=exact)
    return Asked("count", "points/count", body, "Count", grpc.CountPoints(collection_name=name, **fields))


def facet(name, key, given, limit, exact):
    body, fields = shared(key=key, filter=given, limit=limit, exact=exact)
    return Asked("facet", "facet", body, "Facet", grpc.FacetCounts(collection_name=name, **fields))


def matrix(name, form, given, sample, limit, using):
    body, fields = shared(filter=given, sample=sample, limit=limit, using=using)
    return Asked(f"matrix {form}", f"points/search/matrix/{form}", body, f"SearchMatrix{form.capitalize()}",
                 grpc.SearchMatrixPoints(collection_name=name, **fields))
