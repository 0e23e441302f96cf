"""Words of the contract that the client has no models for, or none that take every filter: `prefix`, `slice` and `params.idf`.

A model of each, which is written over REST as it is, and its bytes over gRPC: messages keep fields that they don't know.
Importing this makes the client's converter know them.
"""

from pydantic import BaseModel
from qdrant_client import grpc, models
from qdrant_client.conversions.conversion import RestToGrpc


class MatchPrefix(BaseModel):
    prefix: str


class Slice(BaseModel):
    total: int
    index: int


class SliceCondition(BaseModel):
    slice: Slice


class IdfParams(BaseModel):
    corpus: object


class SearchParams(models.SearchParams):
    idf: object = None


def varint(number):
    parts = []
    while number > 127:
        parts.append(number % 128 + 128)
        number //= 128
    return bytes([*parts, number])


def delimited(field, content):
    return varint(field * 8 + 2) + varint(len(content)) + content


def field_condition(key, match):
    """A field condition; the client's own would refuse a match that it doesn't know."""
    if isinstance(match, MatchPrefix):
        return models.FieldCondition.model_construct(key=key, match=match)
    return models.FieldCondition(key=key, match=match)


def filter_of(**clauses):
    return models.Filter.model_construct(**clauses)


def plain(model):
    """The JSON of a request."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True, serialize_as_any=True, warnings=False)


def taught(name, kind, message):
    known = getattr(RestToGrpc, name).__func__

    def converted(cls, model):
        return message(model, known) if isinstance(model, kind) else known(cls, model)

    setattr(RestToGrpc, name, classmethod(converted))


def params_message(model, known):
    # A client that knows `idf` knows no corpus of this module's.
    made = known(RestToGrpc, model.model_copy(update={"idf": None})).SerializeToString()
    if model.idf is not None:
        corpus = model.idf.corpus if isinstance(model.idf, IdfParams) else None
        content = delimited(1, RestToGrpc.convert_filter(corpus).SerializeToString()) if corpus is not None else b""
        made += delimited(6, content)
    return grpc.SearchParams.FromString(made)


def slice_message(model, known):
    counts = bytes([8]) + varint(model.slice.total) + bytes([16]) + varint(model.slice.index)
    return grpc.Condition.FromString(delimited(8, counts))


taught("convert_match", MatchPrefix, lambda model, known: grpc.Match.FromString(delimited(11, model.prefix.encode())))
taught("convert_condition", SliceCondition, slice_message)
taught("convert_search_params", SearchParams, params_message)
