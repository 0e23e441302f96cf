package dev.eddy.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.query.Ordering;
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
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer stops where its memory ends, whatever was asked for; a small one is not touched. */
final class AnswerBoundTest {
  private static final ShardId SHARD = new ShardId(new UUID(7, 8), 3, 0);
  private static final int POINTS = 3_000;

  @TempDir Path folder;
  private EngineResources resources;
  private Shard shard;

  @BeforeEach
  void open() throws IOException {
    resources = new EngineResources(1, 32 << 20, 16 << 20);
    shard = Shard.open(SHARD, new UUID(5, 5), folder, resources, ShardSettings.DEFAULT);
    CollectionSpec spec = CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)));
    shard.apply(0, new Update.Genesis(SHARD.collectionId(), "c", 3, 0, spec, 10));
    List<Point> points = new ArrayList<>();
    for (int id = 0; id < POINTS; id++) {
      byte[] payload =
          "{\"n\":%d,\"text\":\"%s\"}"
              .formatted(id, "x".repeat(100))
              .getBytes(StandardCharsets.UTF_8);
      points.add(new Point(PointId.of(id), Vectors.unnamed(id, 1), new Payload(payload)));
    }
    shard.apply(1, new Update.Upsert(points));
    shard.publish();
  }

  @AfterEach
  void close() throws IOException {
    shard.close();
    resources.close();
  }

  /** A question by how many are wanted; it answers how many there were. */
  private record Question(String name, Function<Asked, Integer> ask) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Asked(ShardLease lease, int limit) {}

  static Stream<Question> questions() {
    Ordering byNumber = new Ordering(KeyPath.parse("n"), false, null);
    return Stream.of(
        new Question("nearest", asked -> hits(asked, new Ranking.Nearest(vector()), false)),
        new Question(
            "nearest with payload", asked -> hits(asked, new Ranking.Nearest(vector()), true)),
        new Question("by id with payload", asked -> hits(asked, Ranking.ById.BY_ID, true)),
        new Question(
            "ordered",
            asked -> hits(asked, new Ranking.Ordered(byNumber, FieldIndex.Type.INTEGER), false)),
        new Question(
            "scroll",
            asked ->
                asked
                    .lease()
                    .scroll(
                        null,
                        asked.limit(),
                        null,
                        PayloadSelector.All.ALL,
                        VectorSelector.None.NONE)
                    .size()));
  }

  private static dev.eddy.model.point.Vector vector() {
    return new dev.eddy.model.point.Vector.Dense(new float[] {1, 1});
  }

  private static int hits(Asked asked, Ranking ranking, boolean withPayload) {
    ShardQuery query =
        new ShardQuery(ranking, "", null, SearchParams.DEFAULT, asked.limit(), null, null, null);
    return asked
        .lease()
        .search(
            List.of(query),
            withPayload ? PayloadSelector.All.ALL : PayloadSelector.None.NONE,
            VectorSelector.None.NONE)
        .getFirst()
        .size();
  }

  @ParameterizedTest
  @MethodSource("questions")
  void itStopsWhereItsMemoryEnds(Question question) {
    try (ShardLease lease = shard.lease()) {
      Asked everything = new Asked(lease, Integer.MAX_VALUE);
      assertThat(question.ask().apply(everything)).isEqualTo(POINTS);
      try (AnswerMeter meter = AnswerMeter.single(250_000)) {
        EddyException refused =
            catchThrowableOfType(
                EddyException.class, () -> meter.metering(() -> question.ask().apply(everything)));
        assertThat(refused.limit()).contains(Limit.ANSWER);
        // A hit is 128 bytes, and they are counted by the thousand: nowhere near all of it.
        assertThat(meter.bytes()).isLessThan(250_000 + 1_025L * AnswerMeter.HIT_BYTES);
      }
      try (AnswerMeter meter = AnswerMeter.single(250_000)) {
        Asked few = new Asked(lease, 5);
        assertThat(meter.<Integer>metering(() -> question.ask().apply(few))).isEqualTo(5);
      }
    }
  }
}
