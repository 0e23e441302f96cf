package dev.eddy.engine.search;

import dev.eddy.engine.filter.FilteredPoint;
import dev.eddy.engine.filter.PayloadReader;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PointId;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One slot as a filter sees it: the payload is read when it is asked for. One thread. */
final class SlotPoint implements FilteredPoint {
  private final ShardView view;
  private final int slot;
  private final Set<String> keys;
  private final Supplier<Payload> source;
  private @Nullable JsonObject payload;

  SlotPoint(ShardView view, int slot, Set<String> keys, Supplier<Payload> source) {
    this.view = view;
    this.slot = slot;
    this.keys = keys;
    this.source = source;
  }

  @Override
  public PointId id() {
    return view.id(slot);
  }

  @Override
  public JsonObject payload() {
    if (payload == null) {
      payload = keys.isEmpty() ? JsonObject.EMPTY : PayloadReader.members(source.get(), keys);
    }
    return payload;
  }

  @Override
  public boolean hasVector(String name) {
    return view.hasVector(name, slot);
  }
}
