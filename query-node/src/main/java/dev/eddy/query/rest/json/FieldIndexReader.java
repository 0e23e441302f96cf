package dev.eddy.query.rest.json;

import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.KeyPath;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A payload field to declare: its path, and its type with or without parameters. */
public final class FieldIndexReader {
  private static final List<String> MEMORY = List.of("cold", "cached", "pinned");

  private final JsonBody body;
  private final TextSettingsReader text;
  private @Nullable Type type;
  private @Nullable Boolean onDisk;
  private @Nullable String memory;
  private @Nullable Boolean enableHnsw;
  private @Nullable Boolean isTenant;
  private @Nullable Boolean isPrincipal;
  private @Nullable Boolean lookup;
  private @Nullable Boolean range;
  private @Nullable Boolean prefix;

  private FieldIndexReader(JsonBody body) {
    this.body = body;
    this.text = new TextSettingsReader(body);
  }

  public static Declaration read(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable KeyPath field;
          @Nullable FieldIndex index;
        };
    body.object(
        "struct CreateFieldIndex",
        field -> {
          switch (field) {
            case "field_name" -> draft.field = Keys.read(body);
            case "field_schema", "field_type" -> draft.index = schema(body);
            default -> body.skip();
          }
        });
    if (draft.field == null) {
      throw body.missing("field_name");
    }
    if (draft.index == null) {
      throw EddyException.badRequest(
          "Can't auto-detect field type, please specify `field_schema` in the request");
    }
    return new Declaration.DeclareField(draft.field, draft.index);
  }

  private static FieldIndex schema(JsonBody body) throws IOException {
    if (body.isString()) {
      return FieldIndex.of(type(body));
    }
    if (!body.isObject()) {
      throw body.noVariant("PayloadFieldSchema");
    }
    FieldIndexReader reader = new FieldIndexReader(body);
    body.object("PayloadFieldSchema", reader::field);
    return reader.build();
  }

  private static Type type(JsonBody body) throws IOException {
    String name = body.string();
    return Arrays.stream(Type.values())
        .filter(known -> known.apiName().equals(name))
        .findFirst()
        .orElseThrow(() -> body.noVariant("PayloadFieldSchema"));
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "type" -> type = type(body);
      case "on_disk" -> onDisk = body.bool();
      case "memory" -> memory = body.word(MEMORY);
      case "enable_hnsw" -> enableHnsw = body.bool();
      case "is_tenant" -> isTenant = body.bool();
      case "is_principal" -> isPrincipal = body.bool();
      case "lookup" -> lookup = body.bool();
      case "range" -> range = body.bool();
      case "prefix" -> prefix = body.bool();
      default -> {
        if (!text.field(field)) {
          body.skip();
        }
      }
    }
  }

  private FieldIndex build() {
    Type given = type;
    if (given == null) {
      throw body.noVariant("PayloadFieldSchema");
    }
    boolean isInteger = given == Type.INTEGER;
    if (isInteger && lookup != null && !lookup && range != null && !range) {
      body.problem("the 'lookup' and 'range' capabilities can't be both disabled");
      lookup = null;
    }
    boolean canBeTenant = given == Type.KEYWORD || given == Type.UUID;
    boolean canBePrincipal = isInteger || given == Type.FLOAT || given == Type.DATETIME;
    // What a type has no such parameter for is like any unknown key.
    return new FieldIndex(
        given,
        false,
        onDisk,
        memory,
        enableHnsw,
        canBeTenant ? isTenant : null,
        canBePrincipal ? isPrincipal : null,
        isInteger ? lookup : null,
        isInteger ? range : null,
        given == Type.KEYWORD ? prefix : null,
        given == Type.TEXT ? text.build() : null);
  }
}
