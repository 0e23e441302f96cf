"""The unmodified Python client, over REST and over gRPC, and a plain producer's records found by both.

Usage: scenario.py REST_PORT GRPC_PORT. Ends with exit code 0 and "ok" when every answer is as it should be; answers are
compared with brute force over the same vectors.
"""

import random
import sys

from qdrant_client import QdrantClient, models

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


def walk(client, name):
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


def main():
    rest_port, grpc_port = int(sys.argv[1]), int(sys.argv[2])
    for prefer_grpc in (False, True):
        client = QdrantClient(
            host="127.0.0.1", port=rest_port, grpc_port=grpc_port, prefer_grpc=prefer_grpc, timeout=60
        )
        walk(client, "smoke-grpc" if prefer_grpc else "smoke-rest")
        # Else the client would make the vectors itself, if it could.
        asking = QdrantClient(
            host="127.0.0.1",
            port=rest_port,
            grpc_port=grpc_port,
            prefer_grpc=prefer_grpc,
            timeout=60,
            cloud_inference=True,
        )
        walk_texts(asking, "texts-grpc" if prefer_grpc else "texts-rest")
        print("grpc" if prefer_grpc else "rest", "ok", flush=True)


if __name__ == "__main__":
    main()
