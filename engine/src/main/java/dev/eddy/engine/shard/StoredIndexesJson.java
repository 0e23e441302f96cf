package dev.eddy.engine.shard;

import static dev.eddy.engine.checkpoint.ManifestJson.elements;
import static dev.eddy.engine.checkpoint.ManifestJson.member;
import static dev.eddy.engine.checkpoint.ManifestJson.number;
import static dev.eddy.engine.checkpoint.ManifestJson.object;
import static dev.eddy.engine.checkpoint.ManifestJson.text;

import dev.eddy.engine.field.FieldIndexManifest;
import dev.eddy.engine.field.FieldIndexManifest.Place;
import dev.eddy.engine.field.FieldIndexManifest.StoredField;
import dev.eddy.engine.field.IndexPart;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checkpoint holds of field indexes, as the checkpoint's manifest has it: format 1. A place
 * is an array of two, the index of the file and that of the piece in it.
 */
final class StoredIndexesJson {
  private static final long FORMAT = 1;

  private StoredIndexesJson() {}

  static JsonObject write(FieldIndexManifest manifest) {
    if (manifest.fields().isEmpty()) {
      return JsonObject.EMPTY;
    }
    Map<String, JsonValue> members = new TreeMap<>();
    members.put("format", new JsonLong(FORMAT));
    members.put("meaning", new JsonString(manifest.meaning()));
    members.put("next_file", new JsonLong(manifest.nextFile()));
    List<JsonValue> files = new ArrayList<>();
    for (IndexPart part : manifest.files()) {
      Map<String, JsonValue> described = new TreeMap<>();
      described.put("name", new JsonString(part.name()));
      described.put("length", new JsonLong(part.lengthBytes()));
      described.put("crc32c", new JsonString(HexFormat.of().toHexDigits(part.crc32c())));
      files.add(new JsonObject(described));
    }
    members.put("files", new JsonArray(files));
    Map<String, JsonValue> fields = new TreeMap<>();
    manifest.fields().forEach((name, field) -> fields.put(name, field(field)));
    members.put("fields", new JsonObject(fields));
    return new JsonObject(members);
  }

  private static JsonObject field(StoredField field) {
    Map<String, JsonValue> members = new TreeMap<>();
    members.put("declared", RecordJson.write(field.declared()));
    members.put("values", places(field.values()));
    members.put("facts", places(field.facts()));
    members.put("terms", places(field.terms()));
    return new JsonObject(members);
  }

  private static JsonArray places(List<Place> places) {
    return new JsonArray(
        places.stream()
            .<JsonValue>map(place ->
                new JsonArray(List.of(new JsonLong(place.file()), new JsonLong(place.piece()))))
            .toList());
  }

  /**
   * @throws IllegalArgumentException when it is not what {@link #write} writes of something
   */
  static FieldIndexManifest read(JsonObject json) {
    if (number(json, "format") != FORMAT) {
      throw new IllegalArgumentException("format must be 1, found " + number(json, "format"));
    }
    List<IndexPart> files = new ArrayList<>();
    for (JsonValue file : elements(json, "files")) {
      files.add(
          new IndexPart(
              text(file, "name"),
              number(file, "length"),
              HexFormat.fromHexDigits(text(file, "crc32c"))));
    }
    Map<String, StoredField> fields = new TreeMap<>();
    object(member(json, "fields"))
        .members()
        .forEach((name, field) ->
            fields.put(
                name,
                new StoredField(
                    RecordJson.read(member(field, "declared"), FieldIndex.class),
                    places(field, "values"),
                    places(field, "facts"),
                    places(field, "terms"))));
    return new FieldIndexManifest(text(json, "meaning"), number(json, "next_file"), files, fields);
  }

  private static List<Place> places(JsonValue json, String name) {
    List<Place> places = new ArrayList<>();
    for (JsonValue place : elements(json, name)) {
      if (place instanceof JsonArray(List<JsonValue> pair)
          && pair.size() == 2
          && pair.getFirst() instanceof JsonLong(long file)
          && pair.getLast() instanceof JsonLong(long piece)
          && file == (int) file
          && piece == (int) piece) {
        places.add(new Place((int) file, (int) piece));
      } else {
        throw new IllegalArgumentException("no place: " + place);
      }
    }
    return places;
  }
}
