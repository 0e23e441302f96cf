package dev.eddy.model.update;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one log record says. A shard's state is a pure fold over these: applying one depends on the
 * state, the record and its offset, and on nothing else.
 */
public sealed interface Update {

  /**
   * The first record of every partition of a log.
   *
   * @param metaNumber number (offset in the metadata topic) of the record that ordered it
   */
  record Genesis(
      UUID collectionId,
      String collectionName,
      int generation,
      int shard,
      CollectionSpec spec,
      long metaNumber)
      implements Update {}

  /**
   * The collection's whole configuration from here on; ignored when its number is not above the
   * state's own.
   */
  record Configure(CollectionSpec spec, long metaNumber) implements Update {}

  /** Points that replace whole points, in order; a bundle of one shard. */
  record Upsert(List<Point> points) implements Update {
    public Upsert {
      points = List.copyOf(points);
    }
  }

  /** A bundle of inbox records; each is tested by its own origin. */
  record FromInbox(List<InboxChange> changes) implements Update {
    public FromInbox {
      changes = List.copyOf(changes);
    }
  }

  /**
   * One inbox record.
   *
   * @param point what to put in the point's place; null = delete it
   */
  record InboxChange(Origin origin, PointId id, @Nullable Point point) {}

  record Delete(PointSelection selection) implements Update {}

  /** Replaces the named vectors of existing points, keeping their other vectors and payload. */
  record UpdateVectors(List<PointVectors> points) implements Update {
    public UpdateVectors {
      points = List.copyOf(points);
    }
  }

  /** Drops the named vectors; names the point lacks are no error. */
  record DeleteVectors(PointSelection selection, List<String> names) implements Update {
    public DeleteVectors {
      names = List.copyOf(names);
    }
  }

  /**
   * Merges top-level keys, at the place named by {@code key} if there is one. A null value removes
   * the key, except when the payload was empty.
   */
  record SetPayload(PointSelection selection, Payload payload, @Nullable KeyPath key)
      implements Update {}

  record OverwritePayload(PointSelection selection, Payload payload) implements Update {}

  record DeletePayload(PointSelection selection, List<KeyPath> keys) implements Update {
    public DeletePayload {
      keys = List.copyOf(keys);
    }
  }

  record ClearPayload(PointSelection selection) implements Update {}

  /**
   * An update that leaves out some of its points, as they are when it comes: what is left out keeps
   * its version, too. All are judged before any is written.
   *
   * @param update an {@link Upsert} or {@link UpdateVectors}
   * @param mode which points may be written at all; of vectors always {@code UPSERT}
   * @param filter that a point which is there has to match; null = any
   */
  record Conditional(Update update, UpdateMode mode, @Nullable Filter filter) implements Update {
    public Conditional {
      boolean isUpsert = update instanceof Upsert;
      if (!isUpsert && !(update instanceof UpdateVectors && mode == UpdateMode.UPSERT)) {
        throw new IllegalArgumentException("no conditional form of " + update + " in " + mode);
      }
    }
  }

  /** Changes nothing; a position to wait for. */
  record Noop() implements Update {}
}
