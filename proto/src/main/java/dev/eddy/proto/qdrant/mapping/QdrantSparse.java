package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.SparseVectorParams.Index;
import dev.eddy.model.collection.VectorName;
import dev.eddy.proto.qdrant.Datatype;
import dev.eddy.proto.qdrant.Modifier;
import dev.eddy.proto.qdrant.SparseIndexConfig;
import dev.eddy.proto.qdrant.SparseVectorConfig;
import dev.eddy.proto.qdrant.SparseVectorCreationConfig;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Parameters of sparse vectors as clients send and get them. */
final class QdrantSparse {
  private QdrantSparse() {}

  static Map<String, SparseVectorParams> params(SparseVectorConfig message, String path) {
    Map<String, SparseVectorParams> byName = new TreeMap<>();
    message
        .getMapMap()
        .forEach((name, params) -> {
          VectorName.problem(name)
              .ifPresent(problem -> {
                throw VectorName.refusal(name, path + ": " + problem);
              });
          String place = path + ".map." + name;
          byName.put(
              name,
              new SparseVectorParams(
                  params.hasIndex() ? index(params.getIndex(), place + ".index") : null,
                  params.hasModifier()
                      ? modifier(params.getModifier(), place + ".modifier")
                      : null));
        });
    return byName;
  }

  /** Parameters of a name that is added to a collection. */
  static SparseVectorParams params(SparseVectorCreationConfig message, String path) {
    return SparseVectorParams.of(
        message.hasModifier() ? modifier(message.getModifier(), path + ".modifier") : null,
        message.hasDatatype() ? sparseDatatype(message.getDatatype(), path + ".datatype") : null);
  }

  @SuppressWarnings("deprecation") // on_disk is deprecated and still in use.
  private static Index index(SparseIndexConfig message, String path) {
    return new Index(
        Rules.count(message.hasFullScanThreshold(), message.getFullScanThreshold()),
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        QdrantSettings.memory(message.hasMemory(), message.getMemory(), path + ".memory"),
        sparseDatatype(message.getDatatype(), path + ".datatype"));
  }

  private static @Nullable String sparseDatatype(Datatype message, String path) {
    if (message == Datatype.Turbo4) {
      RuleBook.note(
          path + ": sparse vectors do not support turbo4, expected float32, float16 or uint8");
      return null;
    }
    return datatype(message, path);
  }

  private static SparseVectorParams.Modifier modifier(Modifier message, String path) {
    return switch (message) {
      case None -> SparseVectorParams.Modifier.NONE;
      case Idf -> SparseVectorParams.Modifier.IDF;
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  /** The model's word of a contract's constant; null = not given. */
  static @Nullable String datatype(Datatype message, String path) {
    return switch (message) {
      case Default -> null;
      case Float32 -> "float32";
      case Uint8 -> "uint8";
      case Float16 -> "float16";
      case Turbo4 -> "turbo4";
      case UNRECOGNIZED -> throw Rules.unrecognized(path);
    };
  }

  static SparseVectorConfig config(Map<String, SparseVectorParams> byName) {
    SparseVectorConfig.Builder builder = SparseVectorConfig.newBuilder();
    byName.forEach((name, params) -> builder.putMap(name, params(params)));
    return builder.build();
  }

  private static dev.eddy.proto.qdrant.SparseVectorParams params(SparseVectorParams params) {
    var builder = dev.eddy.proto.qdrant.SparseVectorParams.newBuilder();
    Given.set(params.index(), index -> builder.setIndex(index(index)));
    Given.set(
        params.modifier(),
        modifier ->
            builder.setModifier(
                switch (modifier) {
                  case NONE -> Modifier.None;
                  case IDF -> Modifier.Idf;
                }));
    return builder.build();
  }

  @SuppressWarnings("deprecation") // on_disk is shown back as it was given.
  private static SparseIndexConfig index(Index index) {
    SparseIndexConfig.Builder builder = SparseIndexConfig.newBuilder();
    Given.set(index.fullScanThreshold(), builder::setFullScanThreshold);
    Given.set(index.onDisk(), builder::setOnDisk);
    Given.set(index.memory(), word -> builder.setMemory(QdrantSettings.memory(word)));
    Given.set(index.datatype(), word -> builder.setDatatype(datatype(word)));
    return builder.build();
  }

  /** The contract's constant of a word of the model. */
  static Datatype datatype(String word) {
    return switch (word) {
      case "float32" -> Datatype.Float32;
      case "float16" -> Datatype.Float16;
      case "uint8" -> Datatype.Uint8;
      case "turbo4" -> Datatype.Turbo4;
      default -> Datatype.Default;
    };
  }
}
