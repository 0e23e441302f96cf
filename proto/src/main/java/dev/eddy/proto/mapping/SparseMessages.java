package dev.eddy.proto.mapping;

import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.SparseVectorParams.Index;
import dev.eddy.model.collection.SparseVectorParams.Modifier;
import dev.eddy.proto.model.ModifierMessage;
import dev.eddy.proto.model.SparseIndexMessage;
import dev.eddy.proto.model.SparseVectorParamsMessage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Parameters of sparse vectors, as messages. */
final class SparseMessages {
  private SparseMessages() {}

  /** In the order of names, so that equal parameters have equal bytes. */
  static List<SparseVectorParamsMessage> params(Map<String, SparseVectorParams> byName) {
    return new TreeMap<>(byName)
        .entrySet().stream().map(named -> params(named.getKey(), named.getValue())).toList();
  }

  static Map<String, SparseVectorParams> params(List<SparseVectorParamsMessage> messages) {
    Map<String, SparseVectorParams> byName = new TreeMap<>();
    for (SparseVectorParamsMessage message : messages) {
      byName.put(message.getName(), params(message));
    }
    return byName;
  }

  static SparseVectorParams params(SparseVectorParamsMessage message) {
    return new SparseVectorParams(
        message.hasIndex() ? index(message.getIndex()) : null, modifier(message.getModifier()));
  }

  static SparseVectorParamsMessage params(String name, SparseVectorParams params) {
    SparseVectorParamsMessage.Builder builder =
        SparseVectorParamsMessage.newBuilder().setName(name);
    Present.set(params.index(), index -> builder.setIndex(index(index)));
    Present.set(params.modifier(), modifier -> builder.setModifier(modifier(modifier)));
    return builder.build();
  }

  private static SparseIndexMessage index(Index index) {
    SparseIndexMessage.Builder builder = SparseIndexMessage.newBuilder();
    Present.set(index.fullScanThreshold(), builder::setFullScanThreshold);
    Present.set(index.onDisk(), builder::setOnDisk);
    Present.set(index.memory(), builder::setMemory);
    Present.set(index.datatype(), builder::setDatatype);
    return builder.build();
  }

  private static Index index(SparseIndexMessage message) {
    return new Index(
        message.hasFullScanThreshold() ? (Long) message.getFullScanThreshold() : null,
        message.hasOnDisk() ? (Boolean) message.getOnDisk() : null,
        message.hasMemory() ? message.getMemory() : null,
        message.hasDatatype() ? message.getDatatype() : null);
  }

  private static ModifierMessage modifier(Modifier modifier) {
    return switch (modifier) {
      case NONE -> ModifierMessage.MODIFIER_NONE;
      case IDF -> ModifierMessage.MODIFIER_IDF;
    };
  }

  private static @Nullable Modifier modifier(ModifierMessage message) {
    return switch (message) {
      case MODIFIER_UNSPECIFIED -> null;
      case MODIFIER_NONE -> Modifier.NONE;
      case MODIFIER_IDF -> Modifier.IDF;
      case UNRECOGNIZED -> throw new IllegalArgumentException("unknown modifier");
    };
  }
}
