package dev.eddy.index.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.index.host.ReadLease;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.shard.ShardException;
import dev.eddy.model.shard.ShardException.Reason;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.shard.ShardService.Hit;
import dev.eddy.model.shard.ShardService.ShardQuery;
import dev.eddy.model.shard.ShardService.TermCounts;
import dev.eddy.testkit.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LeaseTableTest {
  private static final Duration LIFE = Duration.ofSeconds(10);
  private static final ShardId A = new ShardId(new UUID(1, 1), 1, 0);
  private static final ShardId B = new ShardId(new UUID(1, 1), 1, 1);

  private final ManualClock clock = new ManualClock();
  private final LeaseTable table = new LeaseTable(2, LIFE, clock::nanos, -1);

  @Test
  void aKeptLeaseIsTakenOnce() {
    OpenLease lease = new OpenLease();
    long id = table.keep(A, lease);

    assertThat(table.take(A, id)).contains(lease);
    assertThat(table.take(A, id)).isEmpty();
    assertThat(lease.closed).isFalse();
  }

  @Test
  void noLeaseHasTheIdZero() {
    assertThat(List.of(table.keep(A, new OpenLease()), table.keep(A, new OpenLease())))
        .doesNotContain(0L)
        .doesNotHaveDuplicates();
  }

  @Test
  void aLeaseOfAnotherShardIsUnknown() {
    long id = table.keep(A, new OpenLease());
    assertThat(table.take(B, id)).isEmpty();
    assertThat(table.take(A, id)).isPresent();
  }

  @Test
  void aLeaseLivesForItsTimeAndIsThenGivenBack() {
    OpenLease lease = new OpenLease();
    long id = table.keep(A, lease);
    clock.advance(LIFE.minusNanos(1));
    table.expire();
    assertThat(lease.closed).isFalse();

    clock.advance(Duration.ofNanos(1));

    assertThat(table.take(A, id)).isEmpty();
    assertThat(lease.closed).isTrue();
  }

  @Test
  void oneTooManyIsRefusedAndStaysTheCallers() {
    table.keep(A, new OpenLease());
    table.keep(A, new OpenLease());
    OpenLease third = new OpenLease();

    assertThatThrownBy(() -> table.keep(A, third))
        .isInstanceOf(ShardException.class)
        .hasMessageContaining("limit 2")
        .extracting(e -> ((ShardException) e).reason())
        .isEqualTo(Reason.OVERLOADED);
    assertThat(third.closed).isFalse();
  }

  @Test
  void aClosingShardGetsAllItsLeasesBackAndNoOther() {
    OpenLease ofA = new OpenLease();
    OpenLease ofB = new OpenLease();
    table.keep(A, ofA);
    table.keep(B, ofB);

    table.releaseAll(A);

    assertThat(ofA.closed).isTrue();
    assertThat(ofB.closed).isFalse();
    table.close();
    assertThat(ofB.closed).isTrue();
  }

  /** A lease of nothing. */
  private static final class OpenLease implements ReadLease {
    boolean closed;

    @Override
    public long position() {
      return 0;
    }

    @Override
    public List<List<Hit>> search(
        List<ShardQuery> queries, PayloadSelector payload, VectorSelector vectors) {
      return List.of();
    }

    @Override
    public List<StoredPoint> fetch(
        List<PointId> ids, List<Long> versions, PayloadSelector payload, VectorSelector vectors) {
      return List.of();
    }

    @Override
    public List<StoredPoint> retrieve(
        List<PointId> ids, PayloadSelector payload, VectorSelector vectors) {
      return List.of();
    }

    @Override
    public List<StoredPoint> scroll(
        @Nullable PointId from,
        int limit,
        @Nullable Filter filter,
        PayloadSelector payload,
        VectorSelector vectors) {
      return List.of();
    }

    @Override
    public List<dev.eddy.model.query.FacetHit> facet(
        dev.eddy.model.json.KeyPath key,
        dev.eddy.model.collection.FieldIndex.Type type,
        @Nullable Filter filter,
        int limit) {
      return List.of();
    }

    @Override
    public long count(@Nullable Filter filter) {
      return 0;
    }

    @Override
    public TermCounts countTerms(String using, List<Integer> indices, @Nullable Filter corpus) {
      throw new UnsupportedOperationException("no sparse vectors here");
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
