package dev.eddy.query.rest.json;

import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.VectorName;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.point.Vectors;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code vectors} of a new collection: the unnamed vector's parameters, or a map by name. */
final class VectorParamsReader {
  private static final String CONFIG = "VectorsConfig";

  /** Parameters that are no objects: an object of such a name is a vector. */
  private static final List<String> PLAIN =
      List.of("size", "distance", "on_disk", "memory", "datatype");

  private static final List<String> DATATYPES = List.of("float32", "uint8", "float16", "turbo4");

  private final JsonBody body;

  /** What the contract calls the object these are in. */
  private final String owner;

  private @Nullable Long size;
  private @Nullable Distance distance;
  private @Nullable HnswDiff hnsw;
  private @Nullable Boolean onDisk;
  private @Nullable String memory;
  private @Nullable String datatype;
  private @Nullable MultiVectorComparator multivector;
  private @Nullable Quantization quantization;
  private boolean isGiven;

  private VectorParamsReader(JsonBody body, String owner) {
    this.body = body;
    this.owner = owner;
  }

  static Map<String, VectorParams> read(JsonBody body) throws IOException {
    if (!body.isObject()) {
      throw body.noVariant(CONFIG);
    }
    VectorParamsReader unnamed = new VectorParamsReader(body, CONFIG);
    Map<String, VectorParams> named = new LinkedHashMap<>();
    body.object(
        CONFIG,
        field -> {
          boolean isVector = body.isObject() && PLAIN.contains(field);
          if (isVector || !unnamed.field(field)) {
            if (body.isObject()) {
              named.put(checkedName(body, field), params(body, CONFIG));
            } else {
              body.skip();
            }
          }
        });
    if (unnamed.isGiven) {
      return Map.of(Vectors.UNNAMED, unnamed.build());
    }
    return named;
  }

  /**
   * Reads the parameters of one vector.
   *
   * @param owner what the contract calls the object they are in, for messages
   */
  static VectorParams params(JsonBody body, String owner) throws IOException {
    VectorParamsReader reader = new VectorParamsReader(body, owner);
    body.object(
        "struct VectorParams",
        field -> {
          if (!reader.field(field)) {
            body.skip();
          }
        });
    return reader.build();
  }

  /** Notes what is wrong with a name of a vector. */
  static void noteName(JsonBody body, String name, String problem) {
    if (VectorName.isTooLong(name)) {
      body.problem(Limit.VECTOR_NAME, problem);
    } else {
      body.problem(problem);
    }
  }

  private static String checkedName(JsonBody body, String name) {
    VectorName.problem(name).ifPresent(problem -> noteName(body, name, problem));
    return name;
  }

  /** Takes a field; false, and nothing is read, when it is none of a vector's parameters. */
  private boolean field(String field) throws IOException {
    switch (field) {
      case "size" -> size = body.size();
      case "distance" -> distance = distance();
      case "hnsw_config" -> hnsw = ConfigReader.hnsw(body);
      case "on_disk" -> onDisk = body.bool();
      case "memory" -> memory = ConfigReader.storageMemory(body);
      case "datatype" -> datatype = body.word(DATATYPES);
      case "multivector_config" -> multivector = multivector();
      case "quantization_config", "quantization" -> quantization = QuantizationReader.read(body);
      default -> {
        return false;
      }
    }
    isGiven = true;
    return true;
  }

  private MultiVectorComparator multivector() throws IOException {
    var draft =
        new Object() {
          @Nullable MultiVectorComparator comparator;
        };
    body.object(
        "struct MultiVectorConfig",
        field -> {
          if (field.equals("comparator")) {
            body.word(List.of(MultiVectorComparator.MAX_SIM.apiName()));
            draft.comparator = MultiVectorComparator.MAX_SIM;
          } else {
            body.skip();
          }
        });
    if (draft.comparator == null) {
      throw body.missing("comparator");
    }
    return draft.comparator;
  }

  private Distance distance() throws IOException {
    String name = body.word(Arrays.stream(Distance.values()).map(Distance::apiName).toList());
    return Arrays.stream(Distance.values())
        .filter(value -> value.apiName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private VectorParams build() {
    if (size == null || distance == null) {
      throw body.noVariant(
          owner + ": missing field `" + (size == null ? "size" : "distance") + "`");
    }
    if (size == 0 || Long.compareUnsigned(size, VectorParams.SIZE_MAX) > 0) {
      throw body.noVariant(
              owner
                  + ": size: value "
                  + Long.toUnsignedString(size)
                  + " invalid, must be from 1 to "
                  + VectorParams.SIZE_MAX)
          .beyond(Limit.VECTOR_DIMENSIONS);
    }
    return new VectorParams(
        size.intValue(), distance, hnsw, onDisk, memory, datatype, multivector, quantization);
  }
}
