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
      VectorName.problem(name).ifPresent(body::problem);
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
            case "modifier" ->
                draft.modifier =
                    body.word(List.of("none", "idf")).equals("idf") ? Modifier.IDF : Modifier.NONE;
            default -> body.skip();
          }
        });
    return new SparseVectorParams(draft.index, draft.modifier);
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
      body.refuse();
      return null;
    }
    return word;
  }
}
