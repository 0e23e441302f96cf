"""The two ways into Eddy as they are on the wire: one request in the words of both, and what each of them answers."""

import math
import struct
from dataclasses import dataclass

import grpc as rpc
import httpx
from later import plain
from qdrant_client import grpc
from qdrant_client.conversions.conversion import GrpcToRest
from qdrant_client.grpc.points_service_pb2_grpc import PointsStub

STATUS = {400: "INVALID_ARGUMENT", 404: "NOT_FOUND", 409: "ALREADY_EXISTS", 422: "INVALID_ARGUMENT", 501: "UNIMPLEMENTED"}

FORMAT = "Format error in JSON body: "


@dataclass
class Asked:
    """One request: `path` and `body` over REST, `method` and `message` over gRPC."""

    family: str
    path: str
    body: dict
    method: str
    message: object

    def __str__(self):
        return f"{self.family} {self.body}"


@dataclass
class Answered:
    """What came back: a value in the words of REST, or a status with its text."""

    value: object = None
    status: str = None
    text: str = ""
    code: int = None

    def differs(self, other):
        if self.status or other.status:
            return self.status != other.status or not self.says_as(other)
        return not same(self.value, other.value)

    def says_as(self, other):
        """Whether the texts are one; what is wrong with a document, the ways say with the places in theirs."""
        if all(text.startswith("Validation error") for text in (self.text, other.text)):
            return True
        if self.text.startswith(FORMAT):
            said = self.text.removeprefix(FORMAT).removeprefix("Validation failed: ")
            return " ".join(said.split(" ")[:4]) in other.text
        return self.text == other.text


def single(number):
    return struct.unpack("f", struct.pack("f", number))[0] if math.isfinite(number) and abs(number) < 3e38 else number


def same(a, b):
    """Equal to the last bit of a float32, and no number equals a number of another kind."""
    if isinstance(a, float) and isinstance(b, float):
        return a == b or single(a) == single(b)
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def vectors(given):
    """Vectors of an answer, in floats."""
    if isinstance(given, dict):
        return {k: v if k == "indices" else vectors(v) for k, v in given.items()}
    return [vectors(v) if isinstance(v, list) else float(v) for v in given]


def hit(given):
    """A point of an answer; what is left out is empty."""
    made = {"id": given["id"], "payload": given.get("payload") or {}, "vector": vectors(given.get("vector") or {})}
    for name in ("version", "order_value"):
        if given.get(name) is not None:
            made[name] = given[name]
    if given.get("score") is not None:
        made["score"] = float(given["score"])
    return made


def group(given):
    made = {"id": given["id"], "hits": [hit(h) for h in given["hits"]]}
    return made | ({"lookup": hit(given["lookup"])} if given.get("lookup") else {})


def shaped(family, result):
    """A result in the form that answers are compared in."""
    if family == "matrix pairs":
        return [{**p, "score": float(p["score"])} for p in result["pairs"]]
    if family == "matrix offsets":
        return {**result, "scores": [float(s) for s in result["scores"]]}
    if family in ("count", "facet"):
        return result
    if family == "scroll":
        return {"points": [hit(p) for p in result["points"]], "next": result.get("next_page_offset")}
    if "groups" in family:
        return [group(g) for g in result["groups"]]
    if "batch" in family:
        return [[hit(p) for p in (points["points"] if isinstance(points, dict) else points)] for points in result]
    return [hit(p) for p in (result["points"] if isinstance(result, dict) else result)]


def record(message):
    """A point of a gRPC answer as JSON has it; payloads keep their nulls."""
    is_scored = isinstance(message, grpc.ScoredPoint)
    model = GrpcToRest.convert_scored_point(message) if is_scored else GrpcToRest.convert_retrieved_point(message)
    made = plain(model)
    return made | {"payload": GrpcToRest.convert_payload(message.payload)}


def translated(family, response):
    """The result of a gRPC answer in the words of REST."""
    if family == "count":
        return {"count": response.result.count}
    if family == "facet":
        hits = [GrpcToRest.convert_facet_value_hit(h) for h in response.hits]
        return {"hits": [{"value": h.value, "count": h.count} for h in hits]}
    if family == "matrix pairs":
        return plain(GrpcToRest.convert_search_matrix_pairs(response.result))
    if family == "matrix offsets":
        return plain(GrpcToRest.convert_search_matrix_offsets(response.result))
    if family == "scroll":
        following = response.next_page_offset if response.HasField("next_page_offset") else None
        return {"points": [record(p) for p in response.result],
                "next_page_offset": following and GrpcToRest.convert_point_id(following)}
    if "groups" in family:
        return {"groups": [
            {"id": GrpcToRest.convert_group_id(g.id), "hits": [record(h) for h in g.hits],
             "lookup": record(g.lookup) if g.HasField("lookup") else None} for g in response.result.groups]}
    if "batch" in family:
        return [[record(p) for p in each.result] for each in response.result]
    return [record(p) for p in response.result]


class Ways:
    """Asks both ways about the same collection."""

    def __init__(self, rest_port, grpc_port):
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{rest_port}", timeout=60)
        self.channel = rpc.insecure_channel(f"127.0.0.1:{grpc_port}")
        self.points = PointsStub(self.channel)

    def close(self):
        self.http.close()
        self.channel.close()

    def rest(self, collection, asked):
        response = self.http.post(f"/collections/{collection}/{asked.path}", json=asked.body)
        body = response.json()
        if response.status_code != 200:
            return Answered(
                status=STATUS.get(response.status_code, str(response.status_code)), text=body["status"]["error"],
                code=response.status_code)
        return Answered(shaped(asked.family, body["result"]))

    def grpc(self, asked):
        try:
            response = getattr(self.points, asked.method)(asked.message, timeout=60)
        except rpc.RpcError as e:
            return Answered(status=e.code().name, text=e.details())
        return Answered(shaped(asked.family, translated(asked.family, response)))
