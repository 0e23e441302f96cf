package dev.eddy.ingest.envelope;

import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;

/** What an inbox record asks for; its form is right, its collection is not looked at yet. */
public sealed interface Envelope {
  String collection();

  PointId id();

  /** Put the point in place of whatever has its id. */
  record Upsert(String collection, Point point) implements Envelope {
    @Override
    public PointId id() {
      return point.id();
    }
  }

  record Delete(String collection, PointId id) implements Envelope {}
}
