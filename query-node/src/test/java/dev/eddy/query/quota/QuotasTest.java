package dev.eddy.query.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.entry;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.PeerId;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.query.world.World;
import dev.eddy.query.write.WriteOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuotasTest {
  private static final Update UPSERT =
      new Update.Upsert(List.of(new Point(PointId.of(1), Vectors.unnamed(1, 2), Payload.EMPTY)));
  private static final Update DELETE =
      new Update.Delete(new PointSelection.Ids(List.of(PointId.of(1))));

  private final World world = new World(1);
  private final AtomicLong nanos = new AtomicLong();
  private final Quotas quotas =
      new Quotas(world.view, "n1", world.admin, world.resources, nanos::get);
  private final QuotaWriteService writes = new QuotaWriteService(world.writes, quotas);

  @AfterEach
  void close() {
    world.close();
  }

  private void use(int memory, int disk) {
    world.resources.use = new NodeUse(memory, disk);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
  }

  private void set(QuotaConfig config) {
    quotas.set(config, Duration.ofSeconds(1));
  }

  private boolean hasRoom() {
    try {
      quotas.requireRoom();
      return true;
    } catch (EddyException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.INSUFFICIENT_STORAGE);
      return false;
    }
  }

  @Test
  void nothingIsRefusedUntilItIsEnabled() {
    use(100, 100);
    assertThat(hasRoom()).isTrue();
    set(new QuotaConfig(false, 50, 50, null));
    assertThat(hasRoom()).isTrue();
    assertThat(quotas.exceeded()).isEqualTo(new QuotaExceeded(null, null));
    set(new QuotaConfig(true, null, null, null));
    assertThat(hasRoom()).isTrue();
    assertThat(quotas.exceeded()).isEqualTo(new QuotaExceeded(null, null));
  }

  @Test
  void whatReachedItsLimitHasToFallAMarginBelow() {
    set(new QuotaConfig(true, 80, null, 10));
    use(79, 0);
    assertThat(hasRoom()).isTrue();
    use(80, 0);
    assertThat(hasRoom()).isFalse();
    use(71, 0);
    assertThat(hasRoom()).as("back under its limit, and not by the margin").isFalse();
    assertThat(quotas.exceeded()).isEqualTo(new QuotaExceeded(true, null));
    use(70, 0);
    assertThat(hasRoom()).isTrue();
    use(79, 0);
    assertThat(hasRoom()).isTrue();
    assertThat(quotas.exceeded()).isEqualTo(new QuotaExceeded(false, null));
  }

  @Test
  void withoutAMarginTheLimitAloneCounts() {
    set(new QuotaConfig(true, null, 80, 0));
    use(0, 80);
    assertThat(hasRoom()).isFalse();
    use(0, 79);
    assertThat(hasRoom()).isTrue();
  }

  @Test
  void aLimitBelowItsMarginIsReleasedAtNothing() {
    set(new QuotaConfig(true, 3, null, null));
    use(3, 0);
    assertThat(hasRoom()).isFalse();
    use(1, 0);
    assertThat(hasRoom()).isFalse();
    use(0, 0);
    assertThat(hasRoom()).isTrue();
  }

  @Test
  void anotherLimitCountsAtOnce() {
    set(new QuotaConfig(true, 80, null, 10));
    use(80, 0);
    assertThat(hasRoom()).isFalse();
    set(new QuotaConfig(true, 85, null, 10));
    assertThat(hasRoom()).isTrue();
    set(new QuotaConfig(true, 80, null, 10));
    assertThat(hasRoom()).isFalse();
    set(QuotaConfig.NONE);
    assertThat(hasRoom()).isTrue();
  }

  @Test
  void whatIsNotToldIsNotEnforced() {
    set(new QuotaConfig(true, 1, 1, null));
    world.resources.use = NodeUse.UNKNOWN;
    assertThat(hasRoom()).isTrue();
    assertThat(quotas.exceeded()).isEqualTo(new QuotaExceeded(null, null));
  }

  @Test
  void writesThatAddDataAreRefusedAndOthersGoOn() {
    world.create("c", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT))));
    writes.write("c", UPSERT, WriteOptions.COMPLETE);
    set(new QuotaConfig(true, 80, 90, null));
    use(10, 93);

    for (Runnable write :
        List.<Runnable>of(
            () -> writes.write("c", UPSERT, WriteOptions.COMPLETE),
            () -> writes.writeBatch("c", List.of(DELETE, UPSERT), WriteOptions.COMPLETE),
            () ->
                writes.declare(
                    "c",
                    new Declaration.AddVector("v", VectorParams.of(2, Distance.DOT)),
                    WriteOptions.COMPLETE))) {
      EddyException failure = World.failureOf(write);
      assertThat(failure.code()).isEqualTo(ErrorCode.INSUFFICIENT_STORAGE);
      assertThat(failure.text())
          .isEqualTo(
              "Quota exceeded: disk usage of this node is at 93%, the limit max_disk_usage_percent is 90%; until it is down to 85% writes that add data are refused. Help: Delete data or raise the limit.");
    }
    assertThatCode(
            () -> {
              writes.write(
                  "c",
                  new Update.ClearPayload(new PointSelection.Ids(List.of(PointId.of(1)))),
                  WriteOptions.COMPLETE);
              writes.writeBatch("c", List.of(DELETE), WriteOptions.COMPLETE);
              writes.declare(
                  "c", new Declaration.DropField(KeyPath.parse("a")), WriteOptions.COMPLETE);
            })
        .doesNotThrowAnyException();
    use(10, 20);
    assertThatCode(() -> writes.write("c", UPSERT, WriteOptions.COMPLETE))
        .doesNotThrowAnyException();
  }

  @Test
  void numbersBeyondTheirRangesAreRefusedByName() {
    for (QuotaConfig wrong :
        List.of(
            new QuotaConfig(true, 0, null, null),
            new QuotaConfig(false, 101, null, null),
            new QuotaConfig(true, null, 0, null),
            new QuotaConfig(true, null, null, -1),
            new QuotaConfig(true, null, null, 101))) {
      EddyException failure = World.failureOf(() -> set(wrong));
      assertThat(failure.code()).isEqualTo(ErrorCode.VALIDATION);
      assertThat(failure.text())
          .matches(
              "(max_resident_memory|max_disk_usage|release_margin)_percent: value -?\\d+ invalid, must be from [01] to 100");
    }
    assertThat(quotas.config()).isEqualTo(QuotaConfig.NONE);
  }

  /** Rounded down: a process is never without memory, but it may have less than a percent. */
  @Test
  void thisProcessUsesSomethingOfItsMachine(@TempDir Path folder) {
    ProcessResources resources = new ProcessResources(folder);
    NodeUse use = resources.use();
    assertThat(resources.residentBytes()).isPresent();
    assertThat(resources.residentBytes().getAsLong())
        .isGreaterThan(Runtime.getRuntime().totalMemory() / 100);
    assertThat(use.residentMemoryPercent()).isBetween(0, 100);
    assertThat(use.diskUsagePercent()).isBetween(0, 100);
    assertThat(new ProcessResources(folder.resolve("nowhere")).use().diskUsagePercent()).isNull();
  }

  private static NodeReport report(String nodeId, Role role, @Nullable QuotaReport quota) {
    return new NodeReport(nodeId, 1, Set.of(role), null, null, 0, List.of(), null, quota, null);
  }

  @Test
  void aNodeAloneHasNoPeers() {
    assertThat(quotas.peers()).isEmpty();
    world.view.reports(List.of(report("n1", Role.QUERY, new QuotaReport(false, 1, 2))));
    assertThat(quotas.peers()).isEmpty();
  }

  @Test
  void peersAreTheNodesThatAreHeldToQuotasThisOneWithItsNewestReading() {
    set(new QuotaConfig(true, 80, null, null));
    use(85, 20);
    QuotaReport other = new QuotaReport(false, null, 7);
    world.view.reports(
        List.of(
            report("n1", Role.QUERY, new QuotaReport(false, 1, 2)),
            report("n2", Role.QUERY, other),
            report("n3", Role.INDEX, null)));
    assertThat(quotas.peers())
        .containsOnly(
            entry(PeerId.of("n1"), new QuotaReport(true, 85, 20)), entry(PeerId.of("n2"), other));
  }
}
