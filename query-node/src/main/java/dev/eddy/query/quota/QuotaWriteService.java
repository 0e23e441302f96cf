package dev.eddy.query.quota;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.update.Update;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import java.util.List;

/**
 * Refuses writes that add data while this node is too full, or one that would have to hold the
 * data.
 */
public final class QuotaWriteService implements WriteService {
  private final WriteService writes;
  private final Quotas quotas;

  public QuotaWriteService(WriteService writes, Quotas quotas) {
    this.writes = requireNonNull(writes, "writes");
    this.quotas = requireNonNull(quotas, "quotas");
  }

  @Override
  public WriteResult write(String collection, Update update, WriteOptions options) {
    if (Growth.of(update)) {
      requireRoom(collection);
    }
    return writes.write(collection, update, options);
  }

  /** Refused as a whole when any of them adds data. */
  @Override
  public List<WriteResult> writeBatch(
      String collection, List<Update> updates, WriteOptions options) {
    if (updates.stream().anyMatch(Growth::of)) {
      requireRoom(collection);
    }
    return writes.writeBatch(collection, updates, options);
  }

  @Override
  public WriteResult declare(String collection, Declaration declaration, WriteOptions options) {
    if (Growth.of(declaration)) {
      requireRoom(collection);
    }
    return writes.declare(collection, declaration, options);
  }

  private void requireRoom(String collection) {
    quotas.requireRoom();
    quotas.shardMemory().requireRoom(collection);
  }
}
