package dev.eddy.kafka.meta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.ClusterState;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.proto.meta.MetaRecordCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

class ClusterStateFoldPropertyTest {
  private record Numbered(long offset, MetaChange change) {}

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @RepeatedTest(100)
  void aCompactedLogGivesTheSameState() {
    List<Numbered> log = log(1 + random.nextInt(80));
    long end = log.getLast().offset() + 1 + random.nextInt(3);

    assertThat(state(compacted(log), end)).as("seed %d", seed).isEqualTo(state(log, end));
  }

  @RepeatedTest(50)
  void foldingInTwoStepsIsFoldingInOne() {
    List<Numbered> log = log(2 + random.nextInt(60));
    ClusterStateFold fold = new ClusterStateFold();
    int cut = random.nextInt(log.size());
    log.subList(0, cut).forEach(record -> fold.apply(record.offset(), record.change()));
    ClusterState before = fold.state();
    ClusterState copy =
        new ClusterState(
            before.generations(),
            before.aliases(),
            before.placements(),
            before.counters(),
            before.leader(),
            before.notes(),
            before.quotas(),
            before.position());
    log.subList(cut, log.size()).forEach(record -> fold.apply(record.offset(), record.change()));

    assertThat(fold.state()).as("seed %d", seed).isEqualTo(state(log, fold.position()));
    ClusterStateFold resumed = new ClusterStateFold(before);
    log.subList(cut, log.size()).forEach(record -> resumed.apply(record.offset(), record.change()));
    assertThat(resumed.state()).as("seed %d", seed).isEqualTo(fold.state());
    assertThat(before).as("a state never changes, seed %d", seed).isEqualTo(copy);
  }

  @RepeatedTest(100)
  void recordsComeBackFromTheirBytes() {
    MetaChange change = MetaChanges.any(random);

    assertThat(MetaRecordCodec.decode(change.key(), MetaRecordCodec.encode(change)))
        .as("seed %d", seed)
        .isEqualTo(change);
  }

  private List<Numbered> log(int length) {
    List<Numbered> log = new ArrayList<>();
    long offset = random.nextInt(3);
    for (int i = 0; i < length; i++) {
      log.add(new Numbered(offset, MetaChanges.any(random)));
      offset += 1 + random.nextInt(3);
    }
    return log;
  }

  /** What compaction may leave: any record that a later one of its key replaces can be gone. */
  private List<Numbered> compacted(List<Numbered> log) {
    List<Numbered> left = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      String key = log.get(i).change().key();
      boolean isReplaced =
          log.subList(i + 1, log.size()).stream().anyMatch(each -> each.change().key().equals(key));
      boolean isRemoval = log.get(i).change().isRemoval();
      if (!(isReplaced || isRemoval) || random.nextInt(3) == 0 || (isRemoval && !isReplaced)) {
        left.add(log.get(i));
      }
    }
    return left;
  }

  private static ClusterState state(List<Numbered> log, long end) {
    ClusterStateFold fold = new ClusterStateFold();
    log.forEach(record -> fold.apply(record.offset(), record.change()));
    fold.advance(end);
    return fold.state();
  }
}
