"""One way into Eddy through the client, with a collection that only it writes."""

import grpc
from oracle import EVERYTHING, NotFound, row
from qdrant_client import models
from qdrant_client.http.exceptions import UnexpectedResponse
from writing import AddVector, Declare, Undeclare


class Twin:
    """A client and its collection."""

    def __init__(self, way, seed, client):
        self.way, self.client, self.name = way, client, f"differential-{way}-{seed}"

    def create(self, vectors, sparse, shards):
        self.client.delete_collection(self.name)
        config = vectors[""] if "" in vectors else vectors
        self.client.create_collection(
            self.name, vectors_config=config, sparse_vectors_config=sparse or None, shard_number=shards)

    def apply(self, ops, is_batch):
        """Applies operations, as one batch or one by one; NotFound where an id is missing."""
        try:
            if is_batch:
                self.client.batch_update_points(self.name, ops, wait=True)
            else:
                for op in ops:
                    self.alone(op)
        except UnexpectedResponse as e:
            if e.status_code != 404:
                raise
            raise NotFound(str(e)) from e
        except grpc.RpcError as e:
            if e.code() != grpc.StatusCode.NOT_FOUND:
                raise
            raise NotFound(e.details()) from e

    def alone(self, op):
        client, name = self.client, self.name
        pick = lambda body: body.points if getattr(body, "points", None) is not None else body.filter
        if isinstance(op, models.UpsertOperation):
            body = op.upsert
            points = body.batch if isinstance(body, models.PointsBatch) else body.points
            client.upsert(name, points, wait=True, update_filter=body.update_filter, update_mode=body.update_mode)
        elif isinstance(op, models.UpdateVectorsOperation):
            body = op.update_vectors
            client.update_vectors(name, body.points, wait=True, update_filter=body.update_filter)
        elif isinstance(op, models.DeleteOperation):
            client.delete(name, op.delete, wait=True)
        elif isinstance(op, models.ClearPayloadOperation):
            client.clear_payload(name, op.clear_payload, wait=True)
        elif isinstance(op, models.DeleteVectorsOperation):
            client.delete_vectors(name, op.delete_vectors.vector, pick(op.delete_vectors), wait=True)
        elif isinstance(op, models.DeletePayloadOperation):
            client.delete_payload(name, op.delete_payload.keys, pick(op.delete_payload), wait=True)
        elif isinstance(op, models.OverwritePayloadOperation):
            client.overwrite_payload(name, op.overwrite_payload.payload, pick(op.overwrite_payload), wait=True)
        elif isinstance(op, models.SetPayloadOperation):
            body = op.set_payload
            client.set_payload(name, body.payload, pick(body), key=body.key, wait=True)
        else:
            self.define(op)

    def define(self, op):
        if isinstance(op, Declare):
            self.client.create_payload_index(self.name, op.key, field_schema=op.ours, wait=True)
        elif isinstance(op, Undeclare):
            self.client.delete_payload_index(self.name, op.key, wait=True)
        elif isinstance(op, AddVector):
            p = op.params
            config = models.DenseVectorConfig(
                size=p.size, distance=p.distance, datatype=p.datatype, multivector_config=p.multivector_config)
            self.client.create_vector_name(self.name, op.name, models.DenseVectorNameConfig(dense=config), wait=True)
        else:
            self.client.delete_vector_name(self.name, op.name, wait=True)

    def everything(self):
        return self.pages(None, EVERYTHING, True, True)

    def pages(self, given, size, with_payload, with_vectors):
        rows, offset = [], None
        while True:
            page, offset = self.client.scroll(
                self.name, scroll_filter=given, limit=size, offset=offset, with_payload=with_payload, with_vectors=with_vectors)
            rows += [row(p) for p in page]
            if offset is None:
                return rows
            assert len(page) == size, f"a page of {len(page)} of {size} that is not the last"
