package dev.eddy.engine.shard;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.format.CheckedBlocks;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.point.Point;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A shard with its log, which is filled, stored, damaged and made again from the log. */
final class StoredShard implements AutoCloseable {
  private static final ShardId SHARD = new ShardId(new UUID(3, 4), 1, 0);
  private static final UUID TOPIC = new UUID(5, 6);
  private static final int POINTS_AT_ONCE = 200;

  private final Random random = new Random(3);
  private final List<Update> log = new ArrayList<>();
  private final Path folder;
  private final ShardSettings settings;
  private final CollectionSpec spec;
  private EngineResources resources = resources();

  StoredShard(Path folder, ShardSettings settings, CollectionSpec spec) {
    this.folder = folder;
    this.settings = settings;
    this.spec = spec;
  }

  private static EngineResources resources() {
    return new EngineResources(2, 32 << 20, 16 << 20);
  }

  Shard open() throws IOException {
    return Shard.open(SHARD, TOPIC, folder, resources, settings);
  }

  /** Where the log ends. */
  int end() {
    return log.size();
  }

  Random random() {
    return random;
  }

  float[] floats(int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat();
    }
    return values;
  }

  /** Lets maintenance run until nothing is due. */
  static void settle(Shard shard) {
    while (shard.maintain() || shard.stats().isOptimizing()) {
      Thread.onSpinWait();
    }
    shard.publish();
  }

  private void apply(Shard shard, Update update) {
    log.add(update);
    shard.apply(log.size() - 1, update);
  }

  private void upsert(Shard shard, int from, int to, IntFunction<Point> point) {
    List<Point> points = new ArrayList<>();
    for (int id = from; id < to; id++) {
      points.add(point.apply(id));
    }
    apply(shard, new Update.Upsert(points));
    settle(shard);
  }

  /** Fills it and stores it twice, with some points written again; returns its content hash. */
  String fill(int points, IntFunction<Point> point) throws IOException {
    try (Shard shard = open()) {
      apply(shard, new Update.Genesis(SHARD.collectionId(), "c", 1, 0, spec, 1));
      for (int from = 0; from < points; from += POINTS_AT_ONCE) {
        upsert(shard, from, from + POINTS_AT_ONCE, point);
      }
      shard.checkpoint();
      upsert(shard, 0, POINTS_AT_ONCE / 2, point);
      shard.checkpoint();
      return shard.audit();
    }
  }

  /** Files of the checkpoints whose name ends so. */
  List<Path> all(String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("checkpoints"))) {
      return files.filter(file -> file.toString().endsWith(end)).toList();
    }
  }

  /** The largest of each checkpoint. */
  List<Path> largest(String end) throws IOException {
    Comparator<Path> byLength = Comparator.comparingLong(file -> file.toFile().length());
    return all(end).stream()
        .collect(
            Collectors.groupingBy(
                file -> requireNonNull(file.getParent()), Collectors.maxBy(byLength)))
        .values()
        .stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Damages the largest file whose name ends so, of each checkpoint; returns their names. What
   * opens them is as in a new process: the block cache, which knows tables by the session that
   * wrote them, would answer for what is damaged.
   */
  Set<String> damageLargest(String end) throws IOException {
    resources.close();
    resources = resources();
    Set<Object> damaged = new HashSet<>();
    Set<String> names = new TreeSet<>();
    for (Path file : largest(end)) {
      long length = Files.size(file);
      assertThat(length).isGreaterThan(3 * CheckedBlocks.STRETCH_BYTES);
      if (damaged.add(requireNonNull(Files.getAttribute(file, "unix:ino")))) {
        damage(file, length / 2);
      }
      names.add(String.valueOf(file.getFileName()));
    }
    return names;
  }

  /** Changes a bit of a byte. */
  private static void damage(Path path, long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int old = file.read();
      file.seek(at);
      file.write(old ^ 1);
    }
  }

  /** Opens it where no checkpoint is of use, and has the log applied again. */
  void isMadeAgain(String hash) throws IOException {
    try (Shard shard = open()) {
      assertThat(shard.position()).isZero();
      for (int offset = 0; offset < log.size(); offset++) {
        shard.apply(offset, log.get(offset));
        settle(shard);
      }
      assertThat(shard.audit()).isEqualTo(hash);
      shard.checkpoint();
    }
    try (Shard shard = open()) {
      assertThat(shard.position()).isEqualTo(log.size());
      assertThat(shard.audit()).isEqualTo(hash);
    }
  }

  @Override
  public void close() {
    resources.close();
  }
}
