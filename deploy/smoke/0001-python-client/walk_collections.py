"""Collections, aliases, declared fields, names of vectors, and what of a cluster a node alone shows."""

from qdrant_client import models

from library import IDS, has, field, match, points
from recorded import refused

FIELDS = {
    "colour": models.KeywordIndexParams(type="keyword", is_tenant=True),
    "n": models.IntegerIndexParams(type="integer", lookup=True, range=True),
    "price": models.PayloadSchemaType.FLOAT,
    "sold": models.PayloadSchemaType.DATETIME,
    "place": models.PayloadSchemaType.GEO,
    "old": models.PayloadSchemaType.BOOL,
    "owner": models.PayloadSchemaType.UUID,
    "title": models.TextIndexParams(
        type="text", tokenizer="word", lowercase=True, min_token_len=2, phrase_matching=True, stopwords="english"
    ),
}
COUNTED = {"colour": 6, "n": 6, "price": 4, "sold": 3, "place": 3, "old": 2, "owner": 1, "title": 3}


async def create(client, name):
    assert await client.create_collection(
        name,
        vectors_config={
            "plot": models.VectorParams(size=3, distance=models.Distance.DOT),
            "pages": models.VectorParams(
                size=2,
                distance=models.Distance.DOT,
                multivector_config=models.MultiVectorConfig(comparator=models.MultiVectorComparator.MAX_SIM),
            ),
        },
        sparse_vectors_config={"words": models.SparseVectorParams()},
        shard_number=2,
        hnsw_config=models.HnswConfigDiff(m=8, ef_construct=64),
        optimizers_config=models.OptimizersConfigDiff(indexing_threshold=5000),
        metadata={"shelf": 7},
        timeout=30,
    )


async def walk_collections(client, name):
    await create(client, name)
    assert await client.collection_exists(name) and not await client.collection_exists(name + "-none")
    assert name in [c.name for c in (await client.get_collections()).collections]
    info = await client.get_collection(name)
    params = info.config.params
    assert info.status == models.CollectionStatus.GREEN and info.points_count == 0, info
    assert params.shard_number == 2 and params.vectors["plot"].size == 3, params
    assert params.vectors["pages"].multivector_config.comparator == models.MultiVectorComparator.MAX_SIM
    assert set(params.sparse_vectors) == {"words"}
    assert (info.config.hnsw_config.m, info.config.hnsw_config.ef_construct) == (8, 64)
    assert info.config.metadata == {"shelf": 7}, info.config.metadata
    await refused(create(client, name), "already exists")

    assert await client.update_collection(
        name,
        optimizers_config=models.OptimizersConfigDiff(indexing_threshold=6000),
        hnsw_config=models.HnswConfigDiff(ef_construct=80),
        vectors_config={"plot": models.VectorParamsDiff(hnsw_config=models.HnswConfigDiff(m=12))},
        collection_params=models.CollectionParamsDiff(read_fan_out_factor=1),
        strict_mode_config=models.StrictModeConfig(enabled=True, max_query_limit=1000),
        metadata={"row": "b"},
    )
    changed = (await client.get_collection(name)).config
    assert changed.optimizer_config.indexing_threshold == 6000
    assert (changed.hnsw_config.m, changed.hnsw_config.ef_construct) == (8, 80), changed.hnsw_config
    assert changed.params.vectors["plot"].hnsw_config.m == 12
    assert changed.strict_mode_config.enabled and changed.strict_mode_config.max_query_limit == 1000
    assert changed.metadata == {"shelf": 7, "row": "b"}, changed.metadata
    await walk_aliases(client, name)
    await walk_shards(client, name)
    # Local: recreates with other settings; what was there is gone.
    assert await client.recreate_collection(
        name, vectors_config=models.VectorParams(size=2, distance=models.Distance.COSINE)
    )
    assert (await client.get_collection(name)).config.params.vectors.size == 2
    assert await client.delete_collection(name)
    assert not await client.delete_collection(name)
    await refused(client.get_collection(name), f"Not found: Collection `{name}`")


async def walk_aliases(client, name):
    alias, other = name + "-alias", name + "-other"

    async def all_aliases():
        return [(a.alias_name, a.collection_name) for a in (await client.get_aliases()).aliases]

    def create_alias(wanted):
        return models.CreateAliasOperation(
            create_alias=models.CreateAlias(collection_name=name, alias_name=wanted)
        )

    assert await client.update_collection_aliases([create_alias(alias)])
    assert (await client.get_collection_aliases(name)).aliases == [
        models.AliasDescription(alias_name=alias, collection_name=name)
    ]
    assert (alias, name) in await all_aliases()
    assert await client.collection_exists(alias)
    rename = models.RenameAlias(old_alias_name=alias, new_alias_name=other)
    assert await client.update_collection_aliases([models.RenameAliasOperation(rename_alias=rename)])
    assert (other, name) in await all_aliases() and (alias, name) not in await all_aliases()
    await client.update_collection_aliases(
        [create_alias(alias), models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=other))]
    )
    assert [a.alias_name for a in (await client.get_collection_aliases(name)).aliases] == [alias]
    await client.update_collection_aliases(
        [models.DeleteAliasOperation(delete_alias=models.DeleteAlias(alias_name=alias))]
    )
    assert (await client.get_collection_aliases(name)).aliases == []


async def walk_shards(client, name):
    cluster = await client.collection_cluster_info(name)
    assert cluster.shard_count == 2 and cluster.remote_shards == [] and cluster.shard_transfers == []
    assert [shard.shard_id for shard in cluster.local_shards] == [0, 1]
    assert {shard.state for shard in cluster.local_shards} == {models.ReplicaState.ACTIVE}
    assert not (await client.list_shard_keys(name)).shard_keys


async def walk_declarations(client, name):
    """On the collection of the walk of points, which is full."""
    for key, schema in FIELDS.items():
        result = await client.create_payload_index(name, key, field_schema=schema, wait=True)
        assert result.status == models.UpdateStatus.COMPLETED, result
    schemas = (await client.get_collection(name)).payload_schema
    assert {key: schema.points for key, schema in schemas.items()} == COUNTED, schemas
    assert schemas["colour"].data_type == models.PayloadSchemaType.KEYWORD and schemas["colour"].params.is_tenant
    assert schemas["title"].params.phrase_matching and schemas["title"].params.min_token_len == 2
    assert schemas["price"].data_type == models.PayloadSchemaType.FLOAT
    phrase = has(field("title", match=models.MatchPhrase(phrase="Quick Brown")))
    assert (await client.count(name, count_filter=phrase)).count == 1
    unordered = has(field("title", match=models.MatchText(text="fox quick")))
    assert (await client.count(name, count_filter=unordered)).count == 1

    facet = await client.facet(name, key="colour", limit=5, exact=True)
    assert [(hit.value, hit.count) for hit in facet.hits] == [("red", 3), ("green", 2), ("blue", 1)], facet
    facet = await client.facet(name, key="n", facet_filter=has(match("colour", "green")), limit=1)
    assert [(hit.value, hit.count) for hit in facet.hits] == [(2, 1)], facet
    page, following = await client.scroll(
        name, order_by=models.OrderBy(key="n", direction=models.Direction.DESC, start_from=4), limit=3
    )
    assert [record.payload["n"] for record in page] == [4, 3, 2] and following is None
    by_price = models.OrderByQuery(order_by="price")
    ordered = await client.query_points(name, query=by_price, limit=2, with_payload=["price"])
    assert [point.payload["price"] for point in ordered.points] == [-1.0, 10.5], ordered

    result = await client.delete_payload_index(name, "title")
    assert result.status == models.UpdateStatus.COMPLETED
    assert set((await client.get_collection(name)).payload_schema) == set(COUNTED) - {"title"}
    await walk_vector_names(client, name)
    await walk_quantization(client, name + "-quantized")


async def walk_quantization(client, name):
    """Settings are shown back, and searches ask for what they tune."""
    scalar = models.ScalarQuantization(scalar=models.ScalarQuantizationConfig(type="int8", quantile=0.75))
    vectors = models.VectorParams(size=2, distance=models.Distance.DOT)
    await client.create_collection(name, vectors_config=vectors, quantization_config=scalar)
    assert (await client.get_collection(name)).config.quantization_config == scalar
    await client.upsert(name, [models.PointStruct(id=1, vector=[1.0, 2.0])])
    tuned = models.SearchParams(quantization=models.QuantizationSearchParams(rescore=True, oversampling=2.0))
    found = (await client.query_points(name, query=[1.0, 1.0], search_params=tuned)).points
    assert [(point.id, point.score) for point in found] == [(1, 3.0)], found
    await client.update_collection(name, quantization_config=models.Disabled.DISABLED)
    assert (await client.get_collection(name)).config.quantization_config is None
    await client.delete_collection(name)


async def walk_vector_names(client, name):
    dense = models.DenseVectorNameConfig(
        dense=models.DenseVectorConfig(size=2, distance=models.Distance.MANHATTAN)
    )
    result = await client.create_vector_name(name, "late", dense)
    assert result.status == models.UpdateStatus.COMPLETED
    assert (await client.get_collection(name)).config.params.vectors["late"].size == 2
    await client.update_vectors(name, [models.PointVectors(id=2, vector={"late": [3.0, 4.0]})])
    found = (await client.query_points(name, query=[0.0, 0.0], using="late")).points
    assert [(point.id, point.score) for point in found] == [(2, 7.0)], found
    sparse = models.SparseVectorNameConfig(sparse=models.SparseVectorConfig(modifier=models.Modifier.IDF))
    assert (await client.create_vector_name(name, "tokens", sparse)).status == models.UpdateStatus.COMPLETED
    assert (await client.get_collection(name)).config.params.sparse_vectors["tokens"].modifier == models.Modifier.IDF
    tokens = models.SparseVector(indices=[7, 9], values=[1.0, 2.0])
    await client.update_vectors(name, [models.PointVectors(id=2, vector={"tokens": tokens})])
    found = (await client.query_points(name, query=tokens, using="tokens")).points
    assert [point.id for point in found] == [2], found
    assert (await client.delete_vector_name(name, "tokens")).status == models.UpdateStatus.COMPLETED
    assert (await client.delete_vector_name(name, "late")).status == models.UpdateStatus.COMPLETED
    assert "late" not in (await client.get_collection(name)).config.params.vectors
    await refused(client.query_points(name, query=[0.0, 0.0], using="late"), "Not existing vector name")
    assert (await client.count(name)).count == len(IDS)


async def walk_migration(client, name, destination):
    """Only the sync client offers it: everything of a collection goes to another client."""
    await create(client, name)
    await client.upsert(name, points())
    await client.create_payload_index(name, "colour", field_schema="keyword")
    await client.migrate(destination, [name], batch_size=2)
    assert destination.count(name).count == len(IDS)
    here, _ = await client.scroll(name, with_vectors=True, limit=10)
    there, _ = destination.scroll(name, with_vectors=True, limit=10)
    assert {str(r.id): (r.payload, r.vector["plot"]) for r in here} == {
        str(r.id): (r.payload, list(r.vector["plot"])) for r in there
    }
    await client.delete_collection(name)
