package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.field.FieldIndexes;
import dev.eddy.engine.field.HeapRoom;
import dev.eddy.engine.field.IndexFiles;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.points.PointStore;
import dev.eddy.engine.points.SlotTable;
import dev.eddy.engine.points.StoreOrigin;
import dev.eddy.engine.segment.BuildPool;
import dev.eddy.engine.segment.MemoryBudget;
import dev.eddy.engine.segment.SegmentResources;
import dev.eddy.model.shard.ShardId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;

/** Makes states of a shard without points, and what any state of it is made of. */
final class StateMaker {
  private final ShardId id;
  private final EngineResources resources;
  private final ShardSettings settings;
  private final FileStore files;

  StateMaker(ShardId id, EngineResources resources, ShardSettings settings) {
    this.id = id;
    this.resources = resources;
    this.settings = settings;
    this.files = settings.files();
  }

  /**
   * What fields borrow; makes the folders of a state.
   *
   * @param home of the state's files, with nothing in it
   */
  SegmentResources segments(Path home, FileDamage damage) throws IOException {
    files.createFolder(home.resolve(Checkpointer.POINTS));
    Path vectors = home.resolve(Checkpointer.VECTORS);
    files.createFolder(vectors);
    files.createFolder(home.resolve(Checkpointer.INDEXES));
    return new SegmentResources(
        resources.buildPool(), resources.fused(), resources.memory(), vectors, damage);
  }

  /** Indexes of no field. */
  FieldIndexes indexes(Path home) {
    BuildPool pool = resources.buildPool();
    return new FieldIndexes(
        task -> {
          if (!pool.submit(task)) {
            throw new RejectedExecutionException("the node is closing");
          }
        },
        pool.nanoClock(),
        new IndexFiles(
            home.resolve(Checkpointer.INDEXES), files::force, settings.mappedIndexBytes()),
        room(resources.memory()));
  }

  private static HeapRoom room(MemoryBudget memory) {
    return new HeapRoom() {
      @Override
      public boolean tryTake(long bytes) {
        return memory.tryTake(bytes);
      }

      @Override
      public void giveBack(long bytes) {
        memory.giveBack(bytes);
      }
    };
  }

  PointStore store(Path home, StoreOrigin origin) {
    return PointStore.later(home.resolve(Checkpointer.POINTS), origin, resources.store());
  }

  ShardState state(SegmentResources segments, ShardState.Parts parts) {
    return new ShardState(id, settings, segments, parts);
  }

  /** The state before the first record of the log. */
  ShardState empty(Path home, FileDamage damage) throws IOException {
    SegmentResources segments = segments(home, damage);
    return state(
        segments,
        new ShardState.Parts(
            new PointWriter(
                new SlotTable(), store(home, StoreOrigin.NOTHING), indexes(home), Map.of()),
            new InboxTable(InboxTable.Image.EMPTY),
            new VerdictRing(settings.verdictsKept(), VerdictRing.Image.EMPTY),
            null,
            0,
            -1));
  }

  /** A state of the same collection without points, which is to take another one's place. */
  ShardState successor(ShardState former, Path home) throws IOException {
    // Its readers may outlast the checkpoint that it began with: the next ones are not of it.
    former.points().store().openNow();
    SegmentResources segments = segments(home, new FileDamage());
    FieldMaker maker = new FieldMaker(settings, segments);
    PointStore store = store(home, StoreOrigin.NOTHING);
    Map<String, NamedField> fields = new LinkedHashMap<>();
    try {
      for (String name : former.spec().vectorNames()) {
        fields.put(name, maker.create(name, former.spec(), NamedField.stem(name)));
      }
      return state(
          segments,
          former.successorParts(new PointWriter(new SlotTable(), store, indexes(home), fields)));
    } catch (RuntimeException e) {
      fields.values().forEach(NamedField::close);
      store.close();
      throw e;
    }
  }
}
