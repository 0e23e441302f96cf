"""The unmodified Python client, sync and async, over REST and over gRPC: everything that it offers.

Usage: scenario.py REST_PORT GRPC_PORT. Ends with exit code 0 and "ok" when every answer is as it should be: compared
with brute force over random vectors, and with the known scores of the library of six points. A method of the client that
no walk calls fails the scenario, so does one that a new version brings.
"""

import asyncio
import random
import sys
import warnings

from qdrant_client import AsyncQdrantClient, QdrantClient, models

import walk_collections
import walk_points
import walk_queries
import walk_service
from recorded import Recorded, RecordedGroups

# What the walks leave out, and why.
LOCAL = "asks the package fastembed on the client's side, no server"
EXCEPTIONS = {
    "get_embedding_size": LOCAL,
    "list_text_models": LOCAL,
    "list_sparse_models": LOCAL,
    "list_image_models": LOCAL,
    "list_late_interaction_text_models": LOCAL,
    "list_late_interaction_multimodal_models": LOCAL,
}
ASYNC_EXCEPTIONS = {**EXCEPTIONS, "migrate": "the async client only says that it has none"}

DIMENSION = 8
COUNT = 400


def vectors():
    generator = random.Random(7)
    return [[generator.gauss(0, 1) for _ in range(DIMENSION)] for _ in range(COUNT)]


def nearest(query, rows, ids, limit):
    def distance(i):
        return sum((a - b) ** 2 for a, b in zip(query, rows[i]))

    return sorted(ids, key=distance)[:limit]


def tag(value):
    return models.Filter(must=[models.FieldCondition(key="tag", match=models.MatchValue(value=value))])


def walk_vectors_at_random(client, name):
    rows = vectors()
    client.create_collection(
        name, vectors_config=models.VectorParams(size=DIMENSION, distance=models.Distance.EUCLID)
    )
    client.upsert(
        name,
        points=[
            models.PointStruct(id=i, vector=rows[i], payload={"i": i, "tag": "odd" if i % 2 else "even"})
            for i in range(COUNT)
        ],
        wait=True,
    )
    assert client.count(name).count == COUNT
    for query in rows[:20]:
        found = [p.id for p in client.query_points(name, query=query, limit=5).points]
        assert found == nearest(query, rows, range(COUNT), 5), found
        found = [p.id for p in client.query_points(name, query=query, limit=5, query_filter=tag("odd")).points]
        assert found == nearest(query, rows, range(1, COUNT, 2), 5), found
    page, following = client.scroll(name, limit=10, with_payload=True)
    assert [p.id for p in page] == list(range(10)) and following == 10
    client.set_payload(name, {"seen": True}, points=[3], wait=True)
    assert client.retrieve(name, [3])[0].payload == {"i": 3, "tag": "odd", "seen": True}
    client.overwrite_payload(name, {"only": 1}, points=[5], wait=True)
    assert client.retrieve(name, [5])[0].payload == {"only": 1}
    client.delete_payload(name, ["seen"], points=[3], wait=True)
    client.clear_payload(name, points_selector=models.PointIdsList(points=[5]), wait=True)
    assert client.retrieve(name, [5])[0].payload == {}
    client.update_vectors(name, points=[models.PointVectors(id=7, vector=[9.0] * DIMENSION)], wait=True)
    assert client.query_points(name, query=[9.0] * DIMENSION, limit=1).points[0].id == 7
    client.delete(name, points_selector=models.FilterSelector(filter=tag("even")), wait=True)
    assert client.count(name).count == COUNT // 2
    client.update_collection_aliases(
        [
            models.CreateAliasOperation(
                create_alias=models.CreateAlias(collection_name=name, alias_name=name + "-alias")
            )
        ]
    )
    assert client.count(name + "-alias").count == COUNT // 2
    assert client.get_collection(name).points_count == COUNT // 2
    client.delete_collection(name)
    assert not client.collection_exists(name)


def document(text):
    return models.Document(text=text, model="Qdrant/bm25")


def walk_texts(client, name):
    client.create_collection(
        name, sparse_vectors_config={"words": models.SparseVectorParams(modifier=models.Modifier.IDF)}
    )
    texts = ["Rivers run to the sea", "A stone in the river, the running river", "Streams of letters"]
    client.upsert(
        name,
        points=[models.PointStruct(id=i, vector={"words": document(text)}) for i, text in enumerate(texts)],
        wait=True,
    )

    def found(text):
        return [p.id for p in client.query_points(name, query=document(text), using="words", limit=3).points]

    assert found("the river") == [1, 0], found("the river")
    assert found("letter stream") == [2], found("letter stream")
    stored = client.retrieve(name, [0], with_vectors=True)[0].vector["words"]
    assert stored.indices == sorted(stored.indices) and len(stored.indices) == 3, stored
    client.update_vectors(
        name, points=[models.PointVectors(id=2, vector={"words": document("a sea of rivers")})], wait=True
    )
    assert found("letter stream") == [] and sorted(found("sea")) == [0, 2], found("sea")
    client.delete_collection(name)


async def walk(client, name, grpc, is_async):
    """Everything on one client; the last step closes it."""
    recorded = Recorded(client)
    groups = None if grpc else RecordedGroups(client.http)
    await walk_collections.walk_collections(recorded, name + "-made")
    await walk_collections.create(recorded, name)
    await walk_points.walk_points(recorded, name)
    await walk_queries.walk_queries(recorded, name)
    await walk_collections.walk_declarations(recorded, name)
    await walk_service.walk_service(recorded, name, grpc)
    await walk_service.walk_rate_limit(recorded, name + "-strict")
    if groups is not None:
        await walk_service.walk_rest_interface(groups, name)
    await walk_points.walk_payloads(recorded, name)
    await walk_points.walk_vectors(recorded, name)
    await walk_points.walk_conditional_writes(recorded, name)
    await walk_points.walk_batch(recorded, name)
    await walk_points.walk_uploads(recorded, name)
    if not is_async:
        await walk_collections.walk_migration(recorded, name + "-moved", QdrantClient(":memory:"))
    await recorded.delete_collection(name)
    await recorded.close()
    methods = recorded.check_all_called(ASYNC_EXCEPTIONS if is_async else EXCEPTIONS)
    below = "" if groups is None else f", of the REST interface below {groups.check_all_called()}"
    print(f"{name} ok: methods {methods}{below}", flush=True)


def main():
    rest_port, grpc_port = int(sys.argv[1]), int(sys.argv[2])
    # Deprecated methods are walked too, and the local mode that migration goes to has hints of its own.
    warnings.simplefilter("ignore")
    for grpc in (False, True):
        transport = "grpc" if grpc else "rest"
        options = {
            "host": "127.0.0.1",
            "port": rest_port,
            "grpc_port": grpc_port,
            "prefer_grpc": grpc,
            "timeout": 60,
        }
        client = QdrantClient(**options)
        walk_vectors_at_random(client, "smoke-" + transport)
        # Else the client would make the vectors itself, if it could.
        walk_texts(QdrantClient(**options, cloud_inference=True), "texts-" + transport)
        asyncio.run(walk(client, "walk-" + transport, grpc, is_async=False))

        async def walk_async():
            await walk(AsyncQdrantClient(**options), "walk-async-" + transport, grpc, is_async=True)

        asyncio.run(walk_async())
        print(transport, "ok", flush=True)


if __name__ == "__main__":
    main()
