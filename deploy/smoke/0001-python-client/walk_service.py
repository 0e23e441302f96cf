"""Who is there, and what is refused: over the client itself and over the generated REST interface below it."""

import io
import json

from qdrant_client import models
from qdrant_client.common.client_exceptions import ResourceExhaustedResponse

from library import PAYLOADS
from recorded import refused

MOVE = models.MoveShardOperation(move_shard=models.MoveShard(shard_id=0, to_peer_id=1, from_peer_id=2))


async def walk_service(client, name, grpc):
    info = await client.info()
    assert info.version.startswith("1.") and info.title and len(info.commit) == 40, info
    assert client.init_options["host"] == "127.0.0.1"
    status = await client.cluster_status()
    assert status.status == "disabled", status
    optimizations = await client.get_optimizations(name, completed_limit=3)
    assert optimizations.summary.queued_optimizations >= 0 and optimizations.running == [], optimizations
    await walk_refusals(client, name, grpc)


async def walk_refusals(client, name, grpc):
    """Each by its code; the texts are the ones of docs/api.md."""
    unbuilt = ("UNIMPLEMENTED",) if grpc else ("501", "Not implemented")
    standalone = ("UNIMPLEMENTED", "standalone mode") if grpc else ("405", "standalone mode")
    for call in (
        client.create_snapshot(name),
        client.list_snapshots(name),
        client.delete_snapshot(name, "s"),
        client.create_full_snapshot(),
        client.list_full_snapshots(),
        client.delete_full_snapshot("s"),
    ):
        await refused(call, *unbuilt)
    for call in (
        client.recover_snapshot(name, "file:///s"),
        client.create_shard_snapshot(name, 0),
        client.list_shard_snapshots(name, 0),
        client.delete_shard_snapshot(name, 0, "s"),
        client.recover_shard_snapshot(name, 0, "file:///s"),
    ):
        await refused(call, "501", "Not implemented")
    for call in (
        client.create_shard_key(name, "key"),
        client.delete_shard_key(name, "key"),
        client.cluster_collection_update(name, MOVE),
    ):
        await refused(call, *standalone)
    for call in (client.cluster_telemetry(), client.recover_current_peer(), client.remove_peer(7, force=True)):
        await refused(call, "405", "standalone mode")


async def walk_rate_limit(client, name):
    """A client that is told to wait knows for how long."""
    strict = models.StrictModeConfig(enabled=True, read_rate_limit=1)
    vectors = models.VectorParams(size=2, distance=models.Distance.DOT)
    await client.create_collection(name, vectors_config=vectors, strict_mode_config=strict)
    assert (await client.count(name)).count == 0
    try:
        await client.count(name)
        raise AssertionError("a second read within the minute")
    except ResourceExhaustedResponse as refusal:
        assert 1 <= refusal.retry_after_s <= 60 and "rate limit" in str(refusal).lower(), refusal
    await client.delete_collection(name)


async def walk_quotas(groups):
    """What is set is shown back."""
    assert (await groups.call("quotas_api.get_quotas")).result.config.enabled is False
    wanted = models.QuotaConfig(enabled=False, max_disk_usage_percent=93)
    assert (await groups.call("quotas_api.update_quotas", quota_config=wanted)).result is True
    assert (await groups.call("quotas_api.get_quotas")).result.config == wanted
    await groups.call("quotas_api.update_quotas", quota_config=models.QuotaConfig(enabled=False))


async def walk_rest_interface(groups, name):
    """What the client itself does not use of the interface; the rest of it was called by the walks before."""
    point = (await groups.call("points_api.get_point", name, 1)).result
    assert point.id == 1 and point.payload == PAYLOADS[1] and point.vector["plot"] == [1, 0, 0], point
    # The interface's description leaves the form of this one open, so the client hands on the whole answer.
    assert (await groups.call("beta_api.get_issues"))["result"] == {"issues": []}
    assert (await groups.call("beta_api.clear_issues")).result is True
    telemetry = (await groups.call("service_api.telemetry", details_level=3)).result
    described = [collection for collection in telemetry.collections.collections if collection.id == name]
    assert len(described) == 1 and described[0].config.params.vectors["plot"].size == 3, described
    await walk_quotas(groups)
    for text in ("healthz", "livez", "readyz", "metrics"):
        # The client reads these answers as JSON, whatever server sends them; they are text.
        try:
            await groups.call(f"service_api.{text}")
            raise AssertionError(f"{text}: read as JSON")
        except json.JSONDecodeError as error:
            assert "shards" in error.doc or "healthz check passed" in error.doc or "app_info" in error.doc, error.doc
    snapshots, archive = "snapshots_api.", io.BytesIO(b"none")
    for call in (
        groups.call(snapshots + "get_snapshot", name, "s"),
        groups.call(snapshots + "get_full_snapshot", "s"),
        groups.call(snapshots + "get_shard_snapshot", name, 0, "s"),
        groups.call(snapshots + "stream_shard_snapshot", name, 0),
        groups.call(snapshots + "recover_from_uploaded_snapshot", name, snapshot=archive),
        groups.call(snapshots + "recover_shard_from_uploaded_snapshot", name, 0, snapshot=archive),
    ):
        await refused(call, "501", "Not implemented")
