package dev.eddy.standalone.status;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A status report as a table for a terminal. */
public final class StatusTable {
  private static final List<String> HEAD =
      List.of(
          "COLLECTION",
          "SHARD",
          "NODE",
          "READ SET",
          "STATE",
          "POINTS",
          "POSITION",
          "LAG",
          "LAG MS",
          "LOG MIB");
  private static final int NODE_CHARACTERS = 8;

  private StatusTable() {}

  /** The lines of a report. */
  public static String of(JsonObject report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEAD);
    List<String> problems = new ArrayList<>();
    for (JsonObject collection : objects(report, "collections")) {
      String mib =
          String.format(Locale.ROOT, "%.1f", number(collection, "log_bytes") / (double) (1 << 20));
      for (JsonObject shard : objects(collection, "shards")) {
        for (JsonObject replica : objects(shard, "replicas")) {
          rows.add(
              List.of(
                  text(collection, "name"),
                  text(shard, "shard"),
                  shortened(text(replica, "node")),
                  text(replica, "read_set"),
                  text(replica, "state"),
                  text(replica, "points"),
                  text(replica, "position"),
                  text(replica, "lag_records"),
                  text(replica, "lag_ms"),
                  mib));
          if (replica.members().get("problem") instanceof JsonString problem) {
            problems.add(
                "Problem of %s shard %s on node %s: %s%n"
                    .formatted(
                        text(collection, "name"),
                        text(shard, "shard"),
                        shortened(text(replica, "node")),
                        problem.value()));
          }
        }
      }
    }
    StringBuilder out = new StringBuilder(table(rows));
    problems.forEach(out::append);
    if (report.members().get("inbox") instanceof JsonObject inbox) {
      out.append(
          "%nInbox %s: %s records, lag %s; dead letters up to offset %s; declared losses %s%n"
              .formatted(
                  text(inbox, "topic"),
                  text(inbox, "records"),
                  text(inbox, "lag_records"),
                  text(inbox, "dead_letters_end_offset"),
                  text(inbox, "declared_losses")));
    }
    for (JsonObject node : objects(report, "nodes")) {
      out.append(
          "Node %s: %s%s%n"
              .formatted(shortened(text(node, "id")), text(node, "roles"), memory(node)));
    }
    return out.toString();
  }

  private static String table(List<List<String>> rows) {
    int[] widths = new int[HEAD.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
      }
      out.append(line.toString().stripTrailing()).append(System.lineSeparator());
    }
    return out.toString();
  }

  /** What its shards hold of the heap, the largest parts first; nothing where it hosts none. */
  private static String memory(JsonObject node) {
    if (!(node.members().get("memory") instanceof JsonObject memory)) {
      return "";
    }
    String parts =
        memory.members().get("components") instanceof JsonObject components
            ? components.members().entrySet().stream()
                .filter(entry -> entry.getValue() instanceof JsonObject)
                .map(entry -> Map.entry(entry.getKey(), ram((JsonObject) entry.getValue())))
                .filter(entry -> entry.getValue() >= 1 << 20)
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(entry -> entry.getKey() + " " + mib(entry.getValue()))
                .collect(Collectors.joining(", "))
            : "";
    boolean isFull = memory.members().get("full") instanceof JsonBoolean(boolean full) && full;
    return "; shards hold %s of %s MiB heap%s%s"
        .formatted(
            mib(number(memory, "held_bytes")),
            mib(number(memory, "limit_bytes")),
            isFull ? ", FULL: writes that add data are refused" : "",
            parts.isEmpty() ? "" : " (memory: " + parts + ")");
  }

  private static long ram(JsonObject component) {
    return number(component, "ram_bytes");
  }

  private static String mib(long bytes) {
    return Long.toString(bytes >> 20);
  }

  private static String shortened(String nodeId) {
    return nodeId.length() <= NODE_CHARACTERS ? nodeId : nodeId.substring(0, NODE_CHARACTERS);
  }

  private static List<JsonObject> objects(JsonObject parent, String key) {
    return parent.members().get(key) instanceof JsonArray array
        ? array.elements().stream()
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .toList()
        : List.of();
  }

  private static long number(JsonObject parent, String key) {
    return parent.members().get(key) instanceof JsonLong number ? number.value() : 0;
  }

  private static String text(JsonObject parent, String key) {
    JsonValue value = parent.members().getOrDefault(key, JsonNull.NULL);
    return switch (value) {
      case JsonNull ignored -> "-";
      case JsonString string -> string.value();
      default -> JsonCodec.text(value);
    };
  }
}
