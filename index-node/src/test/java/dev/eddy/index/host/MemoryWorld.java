package dev.eddy.index.host;

import dev.eddy.kafka.log.LogPartition;
import dev.eddy.model.cluster.Generation;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.shard.ShardId;
import dev.eddy.model.update.Update;
import dev.eddy.proto.log.LogRecordCodec;
import dev.eddy.testkit.Await;
import dev.eddy.testkit.InMemoryPointLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;

/** A shard manager over a log, folds and metadata in memory. */
final class MemoryWorld implements AutoCloseable {
  static final String NODE = "node-1";

  final InMemoryPointLog log = InMemoryPointLog.threaded();
  final MemoryFolds folds = new MemoryFolds();
  final FakeClusterView view = new FakeClusterView();
  private final Path data;
  private HostSettings settings = settings(1 << 20);
  private ShardEvents events = ShardEvents.NONE;
  private ShardManager manager;

  MemoryWorld(Path data) {
    this.data = data;
    this.manager = newManager();
  }

  static HostSettings settings(long mailboxBytes) {
    return new HostSettings(
        2,
        1,
        mailboxBytes,
        mailboxBytes * 4,
        Duration.ofHours(1),
        1L << 40,
        Duration.ofMillis(1),
        1_000,
        Duration.ofMillis(5),
        Duration.ofMillis(1),
        Duration.ofMillis(20),
        Duration.ofSeconds(20));
  }

  MemoryWorld with(HostSettings newSettings) {
    settings = newSettings;
    manager = newManager();
    return this;
  }

  MemoryWorld with(ShardEvents newEvents) {
    events = newEvents;
    manager = newManager();
    return this;
  }

  MemoryWorld start() {
    try {
      manager.start(view.state());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  ShardManager manager() {
    return manager;
  }

  /** Closes the manager and starts another over the same folder. */
  void restart() {
    manager.close();
    manager = newManager();
    start();
  }

  /** A log of one partition that starts with Genesis. */
  LogPartition newLog(String name) {
    LogPartition partition = log.createTopic("eddy." + name + ".g1.log", 1).getFirst();
    append(
        partition,
        new Update.Genesis(
            collectionId(name), name, 1, 0, FakeClusterView.spec(1), view.state().position()));
    return partition;
  }

  /** A collection of one shard on this node. */
  Generation place(String name, LogPartition partition) {
    return view.place(name, collectionId(name), List.of(partition), NODE);
  }

  static UUID collectionId(String name) {
    return new UUID(7, name.hashCode());
  }

  static ShardId shard(String name) {
    return new ShardId(collectionId(name), 1, 0);
  }

  long append(LogPartition partition, Update update) {
    return log.append(partition, LogRecordCodec.encode(update)).join();
  }

  long upsert(LogPartition partition, long... ids) {
    return append(partition, upsert(ids));
  }

  static Update.Upsert upsert(long... ids) {
    return new Update.Upsert(
        LongStream.of(ids)
            .mapToObj(id -> new Point(PointId.of(id), Vectors.unnamed(1, 2, 3, 4), Payload.EMPTY))
            .toList());
  }

  ShardRuntime awaitState(ShardId id, ShardState state) {
    Await.until(
        id + " is " + state,
        () ->
            manager.hosted().stream()
                .anyMatch(runtime -> runtime.id().equals(id) && runtime.state() == state));
    return manager.require(id, Duration.ofSeconds(1));
  }

  Path data() {
    return data;
  }

  @Override
  public void close() {
    manager.close();
    log.close();
  }

  private ShardManager newManager() {
    try {
      return new ShardManager(
          NODE,
          view,
          new HostEnvironment(
              settings,
              log,
              LogRecordCodec::decode,
              folds,
              new ShardFolders(data),
              System::nanoTime,
              events));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
