package dev.eddy.query.rest.json;

import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.SparseVectorParams.Modifier;
import dev.eddy.model.collection.VectorName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code sparse_vectors} of a collection: parameters by name. */
final class SparseParamsReader {
  private static final List<String> DATATYPES = List.of("float32", "uint8", "float16", "turbo4");

  private SparseParamsReader() {}

  static Map<String, SparseVectorParams> read(JsonBody body) throws IOException {
    Map<String, SparseVectorParams> named = new LinkedHashMap<>();
    body.map(name -> {
      VectorName.problem(name)
          .ifPresent(problem -> VectorParamsReader.noteName(body, name, problem));
      named.put(name, params(body));
    });
    return named;
  }

  private static SparseVectorParams params(JsonBody body) throws IOException {
    if (body.isNull()) {
      return SparseVectorParams.DEFAULT;
    }
    var draft =
        new Object() {
          SparseVectorParams.@Nullable Index index;
          @Nullable Modifier modifier;
        };
    body.object(
        "struct SparseVectorParams",
        field -> {
          switch (field) {
            case "index" -> draft.index = index(body);
            case "modifier" -> draft.modifier = modifier(body);
            default -> body.skip();
          }
        });
    return new SparseVectorParams(draft.index, draft.modifier);
  }

  /**
   * Parameters of a name that is added to a collection: the datatype is theirs, not the index's.
   */
  static SparseVectorParams ofName(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable String datatype;
          @Nullable Modifier modifier;
        };
    body.object(
        "struct SparseVectorConfig",
        field -> {
          switch (field) {
            case "datatype" -> draft.datatype = datatype(body);
            case "modifier" -> draft.modifier = modifier(body);
            default -> body.skip();
          }
        });
    return SparseVectorParams.of(draft.modifier, draft.datatype);
  }

  private static Modifier modifier(JsonBody body) throws IOException {
    return body.word(List.of("none", "idf")).equals("idf") ? Modifier.IDF : Modifier.NONE;
  }

  private static SparseVectorParams.Index index(JsonBody body) throws IOException {
    var draft =
        new Object() {
          @Nullable Long fullScanThreshold;
          @Nullable Boolean onDisk;
          @Nullable String memory;
          @Nullable String datatype;
        };
    body.object(
        "struct SparseIndexParams",
        field -> {
          switch (field) {
            case "full_scan_threshold" -> draft.fullScanThreshold = body.count();
            case "on_disk" -> draft.onDisk = body.bool();
            case "memory" -> draft.memory = ConfigReader.memory(body);
            case "datatype" -> draft.datatype = datatype(body);
            default -> body.skip();
          }
        });
    return new SparseVectorParams.Index(
        draft.fullScanThreshold, draft.onDisk, draft.memory, draft.datatype);
  }

  private static @Nullable String datatype(JsonBody body) throws IOException {
    String word = body.word(DATATYPES);
    if (word.equals("turbo4")) {
      body.problem("sparse vectors do not support turbo4, expected float32, float16 or uint8");
      return null;
    }
    return word;
  }
}
