package dev.eddy.ingest.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.ingest.inbox.GenerationRouter.Route;
import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.Generation;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * A producer, a controller that creates, drops and creates again, and an ingest that is stopped
 * anywhere, in random orders: what became of a record and where the ends say that it belongs must
 * agree, however often it is judged.
 */
class DropRaceSimTest {
  private static final UUID INBOX = new UUID(7, 7);
  private static final int STEPS = 9;

  private enum Fate {
    FIRST_LOG,
    SECOND_LOG,
    DISCARDED,
    LETTER
  }

  /** The changes of metadata in their order, each one effect of a controller. */
  private static final class Controller {
    private final TestCluster cluster = new TestCluster(INBOX);
    private long first;
    private long dropped;
    private long second;
    private int step;

    void step(long inboxEnd) {
      switch (step++) {
        case 0 -> put(1, Generation.State.CREATING, List.of(), null);
        case 1 -> first = inboxEnd;
        case 2 -> put(1, Generation.State.ACTIVE, List.of(first), null);
        case 3 -> put(1, Generation.State.DROPPED, List.of(first), null);
        case 4 -> dropped = inboxEnd;
        case 5 -> put(1, Generation.State.DROPPED, List.of(first), List.of(dropped));
        case 6 -> put(2, Generation.State.CREATING, List.of(), null);
        case 7 -> second = inboxEnd;
        case 8 -> put(2, Generation.State.ACTIVE, List.of(second), null);
        default -> {}
      }
    }

    private void put(
        int generation, Generation.State state, List<Long> created, @Nullable List<Long> end) {
      cluster.put("c", generation, state, "t" + generation, new UUID(0, generation), created, end);
    }

    boolean isDone() {
      return step >= STEPS;
    }

    /** Where the recorded ends say that a record belongs, with what may have become of it. */
    List<Fate> expected(long offset) {
      if (offset >= second) {
        return List.of(Fate.SECOND_LOG);
      }
      return offset >= first && offset < dropped
          ? List.of(Fate.FIRST_LOG, Fate.DISCARDED)
          : List.of(Fate.LETTER);
    }
  }

  @Test
  void everyRecordGoesWhereTheEndsSayHoweverTheRaceGoes() {
    for (long seed = 0; seed < 3_000; seed++) {
      Random random = new Random(seed);
      Controller controller = new Controller();
      TreeMap<Long, Fate> fates = new TreeMap<>();
      long inboxEnd = 0;
      long taken = 0;
      while (!controller.isDone() || taken < inboxEnd) {
        switch (random.nextInt(3)) {
          case 0 -> inboxEnd += controller.isDone() ? 0 : random.nextInt(3);
          case 1 -> controller.step(inboxEnd);
          default -> {
            // A poll, the metadata to its end, and then, after whatever else happens, the verdicts.
            long polled = inboxEnd;
            ClusterState state = controller.cluster.state();
            for (int i = random.nextInt(4); i > 0; i--) {
              controller.step(inboxEnd);
              inboxEnd += controller.isDone() ? 0 : random.nextInt(2);
            }
            taken = judge(state, random.nextInt(5) == 0 ? 0 : taken, polled, fates);
          }
        }
      }
      for (var fate : fates.entrySet()) {
        assertThat(controller.expected(fate.getKey()))
            .as("seed %d, record %d", seed, fate.getKey())
            .contains(fate.getValue());
      }
    }
  }

  /** Judges records, some of them again, up to the first that is undecided. */
  private static long judge(ClusterState state, long from, long to, TreeMap<Long, Fate> fates) {
    for (long offset = from; offset < to; offset++) {
      @Nullable Fate fate =
          switch (GenerationRouter.route(state, INBOX, "c", 0, offset)) {
            case Route.To(Generation generation) ->
                generation.generation() == 1 ? Fate.FIRST_LOG : Fate.SECOND_LOG;
            case Route.Discard ignored -> Fate.DISCARDED;
            case Route.Unknown ignored -> Fate.LETTER;
            case Route.Undecided ignored -> null;
          };
      if (fate == null) {
        return offset;
      }
      Fate before = fates.put(offset, fate);
      assertThat(before == Fate.LETTER ? fate : Fate.LETTER)
          .as("a letter stays one, record %d", offset)
          .isEqualTo(Fate.LETTER);
    }
    return Math.max(from, to);
  }
}
