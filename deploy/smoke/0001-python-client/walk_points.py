"""Every way to write points and to read them back."""

from qdrant_client import models

from library import FILTERS, IDS, PAYLOADS, UUID, has, match, points, vectors
from recorded import eventually, refused


def completed(result):
    assert result.status == models.UpdateStatus.COMPLETED and result.operation_id >= 0, result


async def payload_of(client, name, point):
    return (await client.retrieve(name, [point]))[0].payload


async def vector_of(client, name, point):
    return (await client.retrieve(name, [point], with_payload=False, with_vectors=True))[0].vector


async def walk_points(client, name):
    completed(await client.upsert(name, points([1, 2, 3])))
    later = points([4, 5, UUID])
    batch = models.Batch(
        ids=[p.id for p in later],
        payloads=[p.payload for p in later],
        vectors={key: [p.vector[key] for p in later] for key in later[0].vector},
    )
    result = await client.upsert(name, batch, wait=False, ordering=models.WriteOrdering.STRONG)
    assert result.status == models.UpdateStatus.ACKNOWLEDGED, result

    async def all_there():
        return (await client.count(name)).count == len(IDS)

    await eventually(all_there, "six points")
    await walk_reads(client, name)


async def walk_reads(client, name):
    records = await client.retrieve(name, [UUID, 1, 99], with_vectors=True)
    assert [record.id for record in records] == [UUID, 1], records
    assert records[1].payload == PAYLOADS[1], records[1]
    stored = records[1].vector
    assert stored["plot"] == [1, 0, 0] and stored["pages"] == [[1, 0], [0, 1]], stored
    assert stored["words"] == models.SparseVector(indices=[1, 5], values=[1, 2]), stored
    some = await client.retrieve(
        name,
        [1],
        with_payload=models.PayloadSelectorInclude(include=["place.lat", "parts[].size"]),
        with_vectors=["plot"],
        consistency=models.ReadConsistencyType.ALL,
    )
    assert some[0].payload == {"place": {"lat": 52.5}, "parts": [{"size": 1}, {"size": 2}]}, some
    assert set(some[0].vector) == {"plot"}, some
    excluded = models.PayloadSelectorExclude(exclude=[key for key in PAYLOADS[4] if key != "n"])
    assert (await client.retrieve(name, [4], with_payload=excluded))[0].payload == {"n": 4}

    first, offset = await client.scroll(name, limit=4)
    rest, end = await client.scroll(name, limit=4, offset=offset, with_payload=False)
    assert [r.id for r in first + rest] == IDS and end is None and not rest[0].payload, (first, rest)
    for condition, expected in FILTERS:
        found, _ = await client.scroll(name, scroll_filter=condition)
        assert [record.id for record in found] == expected, (condition, found)
        assert (await client.count(name, count_filter=condition, exact=True)).count == len(expected)
    slices = [models.SliceCondition(slice=models.Slice(total=3, index=i)) for i in range(3)]
    parts = [(await client.scroll(name, scroll_filter=has(part)))[0] for part in slices]
    assert sorted(str(r.id) for part in parts for r in part) == sorted(str(i) for i in IDS), parts


async def walk_payloads(client, name):
    completed(await client.set_payload(name, {"seen": True, "n": 10}, points=[1, UUID]))
    assert await payload_of(client, name, 1) == {**PAYLOADS[1], "seen": True, "n": 10}
    completed(await client.set_payload(name, {"lat": 53.5}, points=has(match("n", 10)), key="place"))
    assert (await payload_of(client, name, UUID))["place"] == {"lon": 13.5, "lat": 53.5}
    completed(await client.overwrite_payload(name, {"only": [1, 2.5, None, {"deep": "x"}]}, points=[2]))
    assert await payload_of(client, name, 2) == {"only": [1, 2.5, None, {"deep": "x"}]}
    completed(await client.delete_payload(name, ["seen", "place.lon"], points=has(match("seen", True))))
    assert (await payload_of(client, name, 1))["place"] == {"lat": 53.5}
    completed(
        await client.clear_payload(name, models.FilterSelector(filter=has(match("colour", "blue"))))
    )
    assert await payload_of(client, name, 4) == {}
    await refused(client.set_payload(name, {"a": 1}, points=[99]), "No point with id 99 found")


async def walk_vectors(client, name):
    completed(await client.update_vectors(name, [models.PointVectors(id=1, vector={"plot": [9, 9, 9]})]))
    changed = await vector_of(client, name, 1)
    assert changed["plot"] == [9, 9, 9] and changed["pages"] == [[1, 0], [0, 1]], changed
    completed(await client.delete_vectors(name, ["plot", "words"], points=[1]))
    assert await vector_of(client, name, 1) == {"pages": [[1, 0], [0, 1]]}
    only_blue = has(match("colour", "blue"))
    await client.update_vectors(
        name, [models.PointVectors(id=3, vector={"plot": [8, 8, 8]})], update_filter=only_blue
    )
    assert (await vector_of(client, name, 3))["plot"] == [0, 0, 1]
    await refused(
        client.update_vectors(name, [models.PointVectors(id=1, vector={"plot": [1, 2]})]),
        "expected dim: 3, got 2",
    )


async def walk_conditional_writes(client, name):
    new = models.PointStruct(id=50, vector={}, payload={"new": True})
    known = models.PointStruct(id=3, vector={}, payload={"new": True})
    await client.upsert(name, [new, known], update_mode=models.UpdateMode.INSERT_ONLY)
    assert await payload_of(client, name, 50) == {"new": True}
    assert await payload_of(client, name, 3) == PAYLOADS[3]
    await client.upsert(
        name, [models.PointStruct(id=51, vector={}, payload={})], update_mode=models.UpdateMode.UPDATE_ONLY
    )
    assert await client.retrieve(name, [51]) == []
    await client.upsert(name, [known], update_filter=has(match("colour", "green")))
    assert await payload_of(client, name, 3) == PAYLOADS[3]
    completed(await client.delete(name, [50]))


async def walk_batch(client, name):
    operations = [
        models.UpsertOperation(
            upsert=models.PointsList(points=[models.PointStruct(id=60, vector=vectors(1), payload={"a": 1})])
        ),
        models.SetPayloadOperation(set_payload=models.SetPayload(payload={"b": 2, "c": 3}, points=[60])),
        models.DeletePayloadOperation(delete_payload=models.DeletePayload(keys=["b"], points=[60])),
        models.UpdateVectorsOperation(
            update_vectors=models.UpdateVectors(points=[models.PointVectors(id=60, vector={"plot": [5, 5, 5]})])
        ),
        models.DeleteVectorsOperation(
            delete_vectors=models.DeleteVectors(points=[60], vector=["words", "pages"])
        ),
        models.OverwritePayloadOperation(overwrite_payload=models.SetPayload(payload={"z": 1}, points=[3])),
        models.ClearPayloadOperation(clear_payload=models.PointIdsList(points=[5])),
        models.DeleteOperation(delete=models.PointIdsList(points=[4])),
    ]
    results = await client.batch_update_points(name, operations)
    assert len(results) == len(operations)
    for result in results:
        completed(result)
    # Ids of operations count in the log of a shard; the first five are on one point.
    order = [result.operation_id for result in results[:5]]
    assert order == sorted(set(order)), results
    assert await payload_of(client, name, 60) == {"a": 1, "c": 3}
    assert await vector_of(client, name, 60) == {"plot": [5, 5, 5]}
    assert await payload_of(client, name, 3) == {"z": 1} and await payload_of(client, name, 5) == {}
    assert await client.retrieve(name, [4]) == []
    completed(await client.delete(name, models.FilterSelector(filter=has(match("a", 1)))))
    assert (await client.count(name)).count == len(IDS) - 1


async def walk_uploads(client, name):
    """What the client cuts into batches by itself."""
    rows = [{"plot": [float(i), 0.0, 1.0]} for i in range(150)]
    await client.upload_collection(
        name, vectors=rows, payload=[{"i": i} for i in range(150)], ids=range(1000, 1150), batch_size=40, wait=True
    )
    await client.upload_points(
        name,
        [models.PointStruct(id=2000 + i, vector=rows[i], payload={"i": i}) for i in range(100)],
        batch_size=30,
        wait=True,
    )
    uploaded = has(models.FieldCondition(key="i", range=models.Range(gte=0)))
    assert (await client.count(name, count_filter=uploaded)).count == 250
    found = (await client.query_points(name, query=[1.0, 0.0, 0.0], using="plot", limit=2)).points
    assert [(p.id, p.score) for p in found] == [(1149, 149.0), (1148, 148.0)], found
    completed(await client.delete(name, uploaded))
