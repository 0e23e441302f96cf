package dev.eddy.query.rest.json;

import com.fasterxml.jackson.core.JsonToken;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.PointId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Point ids: unsigned 64-bit integers or UUIDs. */
public final class PointIdReader {
  /** Ids in one list: small numbers are short in a body, and all of them are held at once. */
  static final int IDS_MAX = (int) Limit.POINTS.most();

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
    body.array(() -> add(body, ids));
    return ids;
  }

  /**
   * Adds the id at the current token.
   *
   * @throws EddyException VALIDATION when the list is too long
   */
  static void add(JsonBody body, Collection<PointId> ids) throws IOException {
    if (ids.size() >= IDS_MAX) {
      throw EddyException.validation(
              "Validation error in JSON body: ["
                  + body.path()
                  + ": list of ids invalid, must have at most "
                  + IDS_MAX
                  + " items]")
          .beyond(Limit.POINTS);
    }
    ids.add(read(body));
  }
}
