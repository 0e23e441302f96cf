package dev.eddy.query.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.eddy.model.cluster.NodeReport;
import dev.eddy.model.cluster.NodeReport.MemoryReport;
import dev.eddy.model.cluster.NodeReport.Role;
import dev.eddy.model.cluster.Placement;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.shard.MemoryUse;
import dev.eddy.model.shard.MemoryUse.Component;
import dev.eddy.query.world.World;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ShardMemoryTest {
  private static final long MIB = 1 << 20;

  private final World world = new World(1);
  private final String collection =
      world.create("words", CollectionSpec.of(Map.of("", VectorParams.of(2, Distance.DOT)))).name();
  private final ShardMemory memory = new ShardMemory(world.view, "n1");

  @AfterEach
  void close() {
    world.close();
  }

  private static NodeReport report(String nodeId, @Nullable MemoryReport memory) {
    return new NodeReport(
        nodeId, 1, Set.of(Role.INDEX), null, null, 0, List.of(), null, null, memory);
  }

  private static MemoryReport held(boolean isFull) {
    MemoryUse.Sum sum = new MemoryUse.Sum();
    sum.add(Component.POINTS, 3 * MIB / 2, 0);
    sum.add(Component.VECTORS, 7 * MIB, 900 * MIB);
    sum.add(Component.PAYLOADS, 64 * MIB, 800 * MIB);
    return new MemoryReport(17 * MIB / 2, 8 * MIB, 7 * MIB, isFull, sum.done());
  }

  private String host() {
    Placement placement = world.view.state().placements().values().iterator().next();
    return placement.shards().getFirst().getFirst().nodeId();
  }

  @Test
  void aWriteToAFullNodeIsRefusedWithWhatHoldsItAndWhatHelps() {
    world.view.reports(List.of(report("elsewhere", held(false)), report(host(), held(true))));
    EddyException refused =
        catchThrowableOfType(EddyException.class, () -> memory.requireRoom(collection));
    assertThat(refused.code()).isEqualTo(ErrorCode.INSUFFICIENT_STORAGE);
    assertThat(refused.text())
        .isEqualTo(
            "Memory limit exceeded: the shards of node "
                + host()
                + " hold 8.5 MiB of heap (vectors 7.0 MiB, points 1.5 MiB), the limit --shard-memory is 8.0 MiB;"
                + " until they hold 7.0 MiB writes that add data are refused."
                + " Help: Delete points or collections, keep vectors on_disk, or raise the limit.");
    assertThatCode(memory::requireRoomAnywhere).doesNotThrowAnyException();
  }

  @Test
  void anotherNodeThatIsFullHoldsUpNothing() {
    world.view.reports(List.of(report("elsewhere", held(true)), report(host(), held(false))));
    assertThatCode(() -> memory.requireRoom(collection)).doesNotThrowAnyException();
  }

  @Test
  void aNodeThatSaysNothingAnyMoreHoldsUpNothing() {
    world.view.reports(List.of(report(host(), held(true))));
    world.view.reports(List.of());
    assertThatCode(() -> memory.requireRoom(collection)).doesNotThrowAnyException();
    assertThatCode(memory::requireRoomAnywhere).doesNotThrowAnyException();
  }

  @Test
  void aNewCollectionNeedsOneNodeWithRoom() {
    world.view.reports(List.of(report("n1", held(true)), report("n2", null)));
    assertThat(catchThrowableOfType(EddyException.class, memory::requireRoomAnywhere).code())
        .isEqualTo(ErrorCode.INSUFFICIENT_STORAGE);
    world.view.reports(List.of(report("n1", held(true)), report("n2", held(false))));
    assertThatCode(memory::requireRoomAnywhere).doesNotThrowAnyException();
  }

  @Test
  void theOwnReportIsFoundByTheNodesId() {
    assertThat(memory.own()).isEmpty();
    world.view.reports(List.of(report("n2", held(true)), report("n1", held(false))));
    assertThat(memory.own()).contains(held(false));
  }
}
