package dev.eddy.query.rest.json;

import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The write operations besides upserts, and the batch of operations. */
public final class UpdateReader {
  private UpdateReader() {}

  /** {@code {"points": [...]}} or {@code {"filter": {...}}}: points to delete. */
  public static Update delete(JsonBody body) throws IOException {
    return new Update.Delete(selector(body));
  }

  /** The same fields: points whose payload goes. */
  public static Update clearPayload(JsonBody body) throws IOException {
    return new Update.ClearPayload(selector(body));
  }

  private static PointSelection selector(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant("PointsSelector");
    }
    PointSelectionReader reader = new PointSelectionReader(body);
    body.object("PointsSelector", reader::field);
    PointSelection selection = reader.selection();
    if (selection == null) {
      throw body.noVariant("PointsSelector");
    }
    return selection;
  }

  public static Update setPayload(JsonBody body) throws IOException {
    return payload(body, true);
  }

  /** Reads the body of set payload, in which {@code key} means nothing here. */
  public static Update overwritePayload(JsonBody body) throws IOException {
    return payload(body, false);
  }

  private static Update payload(JsonBody body, boolean merge) throws IOException {
    PointSelectionReader reader = new PointSelectionReader(body);
    var draft =
        new Object() {
          @Nullable Payload payload;
          @Nullable KeyPath key;
        };
    body.object(
        "struct SetPayload",
        field -> {
          switch (field) {
            case "payload" -> draft.payload = PayloadReader.read(body);
            case "key" -> draft.key = Keys.read(body);
            default -> reader.field(field);
          }
        });
    if (draft.payload == null) {
      throw body.missing("payload");
    }
    PointSelection selection = required(body, reader);
    return merge
        ? new Update.SetPayload(selection, draft.payload, draft.key)
        : new Update.OverwritePayload(selection, draft.payload);
  }

  public static Update deletePayload(JsonBody body) throws IOException {
    PointSelectionReader reader = new PointSelectionReader(body);
    var draft =
        new Object() {
          @Nullable List<KeyPath> keys;
        };
    body.object(
        "struct DeletePayload",
        field -> {
          if (field.equals("keys")) {
            draft.keys = Keys.list(body);
          } else {
            reader.field(field);
          }
        });
    if (draft.keys == null) {
      throw body.missing("keys");
    }
    return new Update.DeletePayload(required(body, reader), draft.keys);
  }

  private static PointSelection required(JsonBody body, PointSelectionReader reader) {
    PointSelection selection = reader.selection();
    if (selection == null) {
      throw JsonBody.malformed("Either list of point ids or filter must be provided");
    }
    return selection;
  }

  /** One update, or two where both ids and a filter are given: the contract applies both. */
  public static List<Update> deleteVectors(JsonBody body) throws IOException {
    PointSelectionReader reader = new PointSelectionReader(body);
    var draft =
        new Object() {
          @Nullable List<String> names;
        };
    body.object(
        "struct DeleteVectors",
        field -> {
          if (field.equals("vector") || field.equals("vectors")) {
            draft.names = body.strings();
            if (draft.names.isEmpty()) {
              body.problem("must specify vector names to delete");
            }
          } else {
            reader.field(field);
          }
        });
    List<String> names = draft.names;
    if (names == null) {
      throw body.missing("vector");
    }
    required(body, reader);
    return reader.all().stream()
        .<Update>map(selection -> new Update.DeleteVectors(selection, names))
        .toList();
  }

  /** The operations of a batch, each as the updates it makes. */
  public static List<List<Update>> operations(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable List<List<Update>> operations;
        };
    body.object(
        "struct UpdateOperations",
        field -> {
          if (field.equals("operations")) {
            List<List<Update>> operations = new ArrayList<>();
            body.array(() -> operations.add(operation(body)));
            draft.operations = operations;
          } else {
            body.skip();
          }
        });
    if (draft.operations == null) {
      throw body.missing("operations");
    }
    return draft.operations;
  }

  private static List<Update> operation(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant("UpdateOperation");
    }
    var draft =
        new Object() {
          @Nullable List<Update> updates;
        };
    body.object(
        "UpdateOperation",
        field -> {
          List<Update> updates =
              switch (field) {
                case "upsert" -> List.of(UpsertReader.read(body));
                case "delete" -> List.of(delete(body));
                case "set_payload" -> List.of(setPayload(body));
                case "overwrite_payload" -> List.of(overwritePayload(body));
                case "delete_payload" -> List.of(deletePayload(body));
                case "clear_payload" -> List.of(clearPayload(body));
                case "update_vectors" -> List.of(UpsertReader.readVectors(body));
                case "delete_vectors" -> deleteVectors(body);
                default -> throw body.noVariant("UpdateOperation");
              };
          if (draft.updates != null) {
            throw body.malformedHere("an operation has exactly one name");
          }
          draft.updates = updates;
        });
    if (draft.updates == null) {
      throw body.noVariant("UpdateOperation");
    }
    return draft.updates;
  }
}
