package dev.eddy.query.write;

import dev.eddy.model.point.Payload;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.Update;
import dev.eddy.model.usage.HardwareUsage;
import dev.eddy.model.usage.HardwareUsage.Part;

/** What an update brings to the log, for the usage of its request. */
final class WrittenBytes {
  private WrittenBytes() {}

  /** Adds an update's payloads and vectors, if somebody wants to know. */
  static void add(Update update) {
    HardwareUsage.current().ifPresent(usage -> add(update, usage));
  }

  private static void add(Update update, HardwareUsage usage) {
    switch (update) {
      case Update.Upsert upsert -> {
        for (Point point : upsert.points()) {
          usage.plus(Part.VECTOR_WRITE, bytes(point.vectors()));
          usage.plus(Part.PAYLOAD_WRITE, bytes(point.payload()));
        }
      }
      case Update.UpdateVectors change -> {
        for (PointVectors point : change.points()) {
          usage.plus(Part.VECTOR_WRITE, bytes(point.vectors()));
        }
      }
      case Update.Conditional conditional -> add(conditional.update(), usage);
      case Update.SetPayload set -> usage.plus(Part.PAYLOAD_WRITE, bytes(set.payload()));
      case Update.OverwritePayload set -> usage.plus(Part.PAYLOAD_WRITE, bytes(set.payload()));
      case Update.Genesis ignored -> {}
      case Update.Configure ignored -> {}
      case Update.FromInbox ignored -> {}
      case Update.Delete ignored -> {}
      case Update.DeleteVectors ignored -> {}
      case Update.DeletePayload ignored -> {}
      case Update.ClearPayload ignored -> {}
      case Update.Noop ignored -> {}
    }
  }

  private static long bytes(Payload payload) {
    return payload.isEmpty() ? 0 : payload.json().length;
  }

  private static long bytes(Vectors vectors) {
    long numbers = 0;
    for (Vector vector : vectors.byName().values()) {
      numbers +=
          switch (vector) {
            case Vector.Dense(float[] values) -> values.length;
            case Vector.Sparse(int[] indices, float[] values) -> indices.length + values.length;
            case Vector.Multi(float[][] rows) -> rows.length * (long) rows[0].length;
          };
    }
    return numbers * Float.BYTES;
  }
}
