package dev.eddy.bench.command;

import dev.eddy.bench.data.VectorSet;
import dev.eddy.engine.checkpoint.DiskFileStore;
import dev.eddy.engine.shard.EngineResources;
import dev.eddy.engine.shard.Shard;
import dev.eddy.engine.shard.ShardLease;
import dev.eddy.engine.shard.ShardSettings;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Ranking;
import dev.eddy.model.query.SearchParams;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** One shard whose points each have a tenant; row r is point r. */
final class TenantsSide implements AutoCloseable {
  private static final int POINTS_PER_UPDATE = 256;

  /** What is taken over may make more due. */
  private static final int QUIET_CHECKS = 40;

  private final String name;
  private final Shard shard;

  /**
   * How the rows lie.
   *
   * @param isInFiles whether vectors are kept in files; else in memory until so many are there
   * @param isTenant whether the field is declared to name tenants
   */
  record Form(String name, boolean isInFiles, boolean isTenant) {}

  TenantsSide(Form form, VectorSet set, int[] tenants, EngineResources resources, Path folder)
      throws IOException, InterruptedException {
    this.name = form.name();
    ShardId id = new ShardId(new UUID(1, 1), 1, 0);
    ShardSettings settings =
        new ShardSettings(
            65_536,
            1L << 30,
            form.isInFiles() ? sealRows(set) : ShardSettings.DEFAULT.sealRows(),
            new DiskFileStore());
    this.shard = Shard.open(id, new UUID(2, 2), folder, resources, settings);
    var _ = shard.apply(0, new Update.Genesis(id.collectionId(), "c", 1, 0, spec(form, set), 1));
    long offset = 1;
    List<Point> points = new ArrayList<>();
    for (int row = 0; row < set.rows(); row++) {
      String payload = "{\"tenant\":\"t%d\"}".formatted(tenants[row]);
      points.add(
          new Point(
              PointId.of(row),
              Vectors.unnamed(set.base().row(row)),
              new Payload(payload.getBytes(StandardCharsets.UTF_8))));
      if (points.size() == POINTS_PER_UPDATE || row + 1 == set.rows()) {
        var _ = shard.apply(offset++, new Update.Upsert(points));
        points = new ArrayList<>();
        shard.publish();
        var _ = shard.maintain();
      }
    }
    settle();
    System.out.printf("%s: %s%n", name, shard.stats());
  }

  /** Four files, which are merged into one, and next to nothing beside them. */
  private static int sealRows(VectorSet set) {
    return Math.max(1, set.rows() / 4 - POINTS_PER_UPDATE);
  }

  private static CollectionSpec spec(Form form, VectorSet set) {
    VectorParams params =
        new VectorParams(set.dimension(), Distance.COSINE, null, null, null, null);
    FieldIndex index =
        new FieldIndex(
            FieldIndex.Type.KEYWORD,
            false,
            null,
            null,
            null,
            form.isTenant(),
            null,
            null,
            null,
            null,
            null);
    return CollectionSpec.of(Map.of("", params))
        .withPayloadIndexes(new TreeMap<>(Map.of("tenant", index)));
  }

  private void settle() throws InterruptedException {
    for (int quiet = 0; quiet < QUIET_CHECKS; quiet++) {
      if (shard.maintain()) {
        quiet = 0;
      }
      shard.publish();
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  String name() {
    return name;
  }

  ShardLease lease() {
    return shard.lease();
  }

  /** The nearest points of a tenant. */
  static long[] search(ShardLease lease, float[] query, int tenant) {
    Filter filter =
        Filter.must(
            new Condition.Field(
                KeyPath.parse("tenant"),
                List.of(new FieldPredicate.Match(new MatchValue.Keyword("t" + tenant)))));
    ShardQuery nearest =
        new ShardQuery(
            new Ranking.Nearest(new Vector.Dense(query)),
            "",
            filter,
            SearchParams.DEFAULT,
            VectorSet.K,
            null,
            null,
            null);
    return lease
        .search(List.of(nearest), PayloadSelector.None.NONE, VectorSelector.None.NONE)
        .getFirst()
        .stream()
        .mapToLong(hit -> ((PointId.Num) hit.id()).bits())
        .toArray();
  }

  @Override
  public void close() {
    shard.close();
  }
}
