package dev.eddy.engine.search;

import dev.eddy.engine.points.PayloadProjection;
import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.StoredPoint;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.point.Vectors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the selected parts of points by slot. */
final class PointReader {
  private static final int BATCH = 256;

  private final ShardView view;
  private final PayloadSelector payload;
  private final VectorSelector vectors;

  PointReader(ShardView view, PayloadSelector payload, VectorSelector vectors) {
    this.view = view;
    this.payload = payload;
    this.vectors = vectors;
  }

  /** Whether nothing but ids and versions was asked for. */
  boolean isIdle() {
    return payload == PayloadSelector.None.NONE && vectors == VectorSelector.None.NONE;
  }

  /** The points of these live slots, in their order. */
  List<StoredPoint> read(int[] slots) {
    List<StoredPoint> points = new ArrayList<>(slots.length);
    // Piece by piece, so that too large an answer is refused before all of it is in memory.
    for (int at = 0; at < slots.length; at += BATCH) {
      read(Arrays.copyOfRange(slots, at, Math.min(slots.length, at + BATCH)), points);
    }
    return points;
  }

  private void read(int[] slots, List<StoredPoint> points) {
    @Nullable List<Payload> payloads =
        payload == PayloadSelector.None.NONE ? null : view.store().payloads(slots);
    for (int i = 0; i < slots.length; i++) {
      StoredPoint point =
          new StoredPoint(
              view.id(slots[i]),
              view.version(slots[i]),
              payloads == null ? null : PayloadProjection.select(payloads.get(i), payload),
              vectorsOf(slots[i]));
      AnswerMeter.count(AnswerMeter.bytesOf(point));
      points.add(point);
    }
  }

  private @Nullable Vectors vectorsOf(int slot) {
    return switch (vectors) {
      case VectorSelector.None ignored -> null;
      case VectorSelector.All ignored -> vectorsOf(slot, view.fields().keySet());
      case VectorSelector.Names(List<String> names) -> vectorsOf(slot, names);
    };
  }

  private Vectors vectorsOf(int slot, Iterable<String> names) {
    Map<String, Vector> found = new TreeMap<>();
    for (String name : names) {
      NamedVectors field = view.fields().get(name);
      Vector vector = field == null ? null : field.vector(slot);
      if (vector != null) {
        found.put(name, vector);
      }
    }
    return new Vectors(found);
  }
}
