package dev.eddy.engine.points;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.Snapshot;

/** An open database at one moment, and how to read that. Safe from any thread until closed. */
final class StoreMoment implements AutoCloseable {
  private final StoreDb store;

  /** Null where the database is read only and this moment's own. */
  private final @Nullable Snapshot snapshot;

  private final ReadOptions reads;

  private StoreMoment(StoreDb store, @Nullable Snapshot snapshot, ReadOptions reads) {
    this.store = store;
    this.snapshot = snapshot;
    this.reads = reads;
  }

  /** Of a database that goes on changing, and stays open until this is closed. */
  static StoreMoment now(StoreDb store) {
    Snapshot snapshot = store.db().getSnapshot();
    return new StoreMoment(store, snapshot, new ReadOptions().setSnapshot(snapshot));
  }

  /** The only one of a database that never changes, which is closed with it. */
  static StoreMoment only(StoreDb store) {
    return new StoreMoment(store, null, new ReadOptions());
  }

  StoreDb store() {
    return store;
  }

  ReadOptions reads() {
    return reads;
  }

  @Override
  public void close() {
    reads.close();
    if (snapshot == null) {
      store.close();
    } else {
      store.db().releaseSnapshot(snapshot);
      snapshot.close();
    }
  }
}
