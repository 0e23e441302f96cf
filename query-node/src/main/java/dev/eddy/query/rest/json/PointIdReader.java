package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Point ids: unsigned 64-bit integers or UUIDs. */
public final class PointIdReader {
  private PointIdReader() {}

  static PointId read(JsonBody body) throws IOException {
    if (body.token() == JsonToken.VALUE_NUMBER_INT) {
      return PointId.of(body.u64());
    }
    if (body.isString()) {
      String text = body.string();
      return PointId.parseUuid(text).orElseThrow(() -> invalid(body, text));
    }
    throw body.malformedHere(
        "value "
            + JsonBody.shortened(body.parser().getText())
            + " is not a valid point ID, valid values are either an unsigned integer or a UUID");
  }

  private static RuntimeException invalid(JsonBody body, String text) {
    return body.malformedHere(
        "value "
            + JsonBody.shortened(text)
            + " is not a valid point ID, valid values are either an unsigned integer or a UUID");
  }

  static List<PointId> list(JsonBody body) throws IOException {
    List<PointId> ids = new ArrayList<>();
    body.array(() -> ids.add(read(body)));
    return ids;
  }
}
