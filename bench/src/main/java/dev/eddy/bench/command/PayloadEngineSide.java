package dev.eddy.bench.command;

import dev.eddy.bench.data.PayloadSet;
import dev.eddy.engine.shard.EngineResources;
import dev.eddy.engine.shard.Shard;
import dev.eddy.engine.shard.ShardLease;
import dev.eddy.engine.shard.ShardSettings;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate;
import dev.eddy.model.filter.FieldPredicate.MatchValue;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.FacetHit;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Eddy's engine over payloads alone, asked by one thread. */
final class PayloadEngineSide implements AutoCloseable {
  private static final int BATCH = 1_000;
  private static final int FACET_HITS = 10;
  private static final long LEAST_NANOS = 200_000_000;
  private static final int CLOCKED_OPERATIONS_MAX = 64;

  private final PayloadSet set;
  private final EngineResources resources = EngineResources.ofDefaults();
  private final Shard shard;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

  /** A checksum of the answer, and operations per CPU second. */
  record Pass(long checksum, double perSecond) {}

  PayloadEngineSide(PayloadSet set, Path folder) throws IOException {
    this.set = set;
    ShardId id = new ShardId(new UUID(1, 1), 1, 0);
    this.shard = Shard.open(id, new UUID(2, 2), folder, resources, ShardSettings.DEFAULT);
    CollectionSpec spec =
        CollectionSpec.of(Map.of())
            .withPayloadIndexes(
                Map.of(
                    "city", FieldIndex.of(FieldIndex.Type.KEYWORD),
                    "number", FieldIndex.of(FieldIndex.Type.INTEGER),
                    "flag", FieldIndex.of(FieldIndex.Type.INTEGER)));
    shard.apply(0, new Update.Genesis(id.collectionId(), "payloads", 1, 0, spec, 1));
  }

  /** Seconds until all is there, and background work is done. */
  double fill() throws InterruptedException {
    long start = System.nanoTime();
    long offset = 1;
    for (int first = 0; first < set.count(); first += BATCH) {
      List<Point> points = new ArrayList<>();
      for (int i = first; i < Math.min(set.count(), first + BATCH); i++) {
        byte[] json = set.json(i).getBytes(StandardCharsets.UTF_8);
        points.add(new Point(PointId.of(i), new Vectors(Map.of()), new Payload(json)));
      }
      shard.apply(offset++, new Update.Upsert(points));
      shard.publish();
      shard.maintain();
    }
    while (shard.maintain()) {
      Thread.sleep(1);
    }
    return (System.nanoTime() - start) / 1e9;
  }

  /** Carries an order out again and again for a while. */
  Pass run(String order) {
    String[] words = order.split(" ", -1);
    Filter filter = filter(words[1]);
    try (ShardLease lease = shard.lease()) {
      return switch (words[0]) {
        case "count" -> timed(() -> lease.count(filter));
        case "scroll" -> timed(() -> scroll(lease, filter, Integer.parseInt(words[2])));
        case "facet" -> timed(() -> facet(lease, filter));
        default -> throw new IllegalArgumentException("unknown order " + order);
      };
    }
  }

  private static long scroll(ShardLease lease, @Nullable Filter filter, int limit) {
    long sum = 0;
    for (StoredPoint point :
        lease.scroll(null, limit, filter, PayloadSelector.All.ALL, VectorSelector.None.NONE)) {
      sum += ((PointId.Num) point.id()).bits();
    }
    return sum;
  }

  private static long facet(ShardLease lease, @Nullable Filter filter) {
    return lease.facet(KeyPath.parse("city"), FieldIndex.Type.KEYWORD, filter, 0).stream()
        .map(FacetHit::count)
        .sorted(Comparator.reverseOrder())
        .limit(FACET_HITS)
        .mapToLong(Long::longValue)
        .sum();
  }

  private Pass timed(LongSupplier operation) {
    long operations = 0;
    long start = threads.getCurrentThreadCpuTime();
    long nanos = 0;
    long answer = 0;
    // Reading the clock of a thread costs tens of microseconds on some machines.
    for (int more = 1; nanos < LEAST_NANOS; more = Math.min(2 * more, CLOCKED_OPERATIONS_MAX)) {
      for (int i = 0; i < more; i++) {
        answer = operation.getAsLong();
      }
      operations += more;
      nanos = threads.getCurrentThreadCpuTime() - start;
    }
    return new Pass(answer, 1e9 * operations / nanos);
  }

  private static @Nullable Filter filter(String name) {
    return switch (name) {
      case "city" -> Filter.must(city(7));
      case "flag" -> Filter.must(flag());
      case "percent" -> Filter.must(numbers(300_000, 310_000));
      case "half" -> Filter.must(numbers(0, 500_000));
      case "city-and-flag" -> Filter.must(city(7), flag());
      case "cities" ->
          new Filter(
              List.of(),
              IntStream.range(0, 5).mapToObj(PayloadEngineSide::city).toList(),
              List.of(),
              null);
      case "not-half" -> new Filter(List.of(), null, List.of(numbers(0, 500_000)), null);
      case "any" -> null;
      default -> throw new IllegalArgumentException("unknown filter " + name);
    };
  }

  private static Condition city(int number) {
    return field("city", new FieldPredicate.Match(new MatchValue.Keyword("c" + number)));
  }

  private static Condition flag() {
    return field("flag", new FieldPredicate.Match(new MatchValue.Whole(1)));
  }

  private static Condition numbers(double low, double high) {
    return field("number", new FieldPredicate.Range(null, low, high, null));
  }

  private static Condition field(String name, FieldPredicate predicate) {
    return new Condition.Field(KeyPath.parse(name), List.of(predicate));
  }

  @Override
  public void close() {
    shard.close();
    resources.close();
  }
}
