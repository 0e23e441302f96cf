package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionChange.VectorDiff;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpecChangeTest {
  private static final CollectionSpec SPEC =
      CollectionSpec.of(Map.of("", VectorParams.of(4, Distance.COSINE)));
  private static final HnswDiff M_32 = new HnswDiff(32, null, null, null, null, null, null, null);

  @Test
  void whatIsNotGivenStays() {
    assertThat(SpecChange.apply(SPEC, change(Map.of(), null, null))).isEqualTo(SPEC);
  }

  @Test
  void graphSettingsOfTheCollectionAndOfAVectorAreMerged() {
    CollectionSpec changed =
        SpecChange.apply(SPEC, change(Map.of("", new VectorDiff(M_32, true, null)), M_32, null));

    assertThat(changed.hnsw().m()).isEqualTo(32);
    assertThat(changed.hnsw().efConstruct()).isEqualTo(SPEC.hnsw().efConstruct());
    VectorParams vector = changed.vector("").orElseThrow();
    assertThat(vector.hnswDiff()).contains(M_32);
    assertThat(vector.onDisk()).isTrue();
    assertThat(vector.size()).isEqualTo(4);
  }

  @Test
  void anUnknownVectorIsRefused() {
    assertThatThrownBy(() ->
            SpecChange.apply(
                SPEC, change(Map.of("image", new VectorDiff(M_32, null, null)), null, null)))
        .isInstanceOf(EddyException.class)
        .hasMessage("Wrong input: Not existing vector name error: image");
  }

  @Test
  void metadataIsMergedByKeyAndNullRemoves() {
    CollectionSpec one = SpecChange.apply(SPEC, metadata(Map.of("a", 1L, "b", 2L)));
    CollectionSpec two =
        SpecChange.apply(
            one,
            change(
                Map.of(), null, new JsonObject(Map.of("a", JsonNull.NULL, "c", new JsonLong(3)))));

    assertThat(two.metadata())
        .isEqualTo(new JsonObject(Map.of("b", new JsonLong(2), "c", new JsonLong(3))));
    assertThat(SpecChange.apply(two, change(Map.of(), null, JsonObject.EMPTY))).isEqualTo(two);
  }

  /**
   * Inbox records are judged before they are sent, and nobody writes dead letters of what a shard
   * refuses: so no change may make a shard refuse what fitted before. See decision 21.
   */
  @Test
  void noChangeTouchesWhatAPointMustFit() {
    assertThat(components(CollectionChange.class))
        .containsExactly(
            "vectors",
            "hnsw",
            "optimizers",
            "replicationFactor",
            "writeConsistencyFactor",
            "readFanOutFactor",
            "readFanOutDelayMs",
            "onDiskPayload",
            "payloadMemory",
            "metadata");
    assertThat(components(VectorDiff.class)).containsExactly("hnsw", "onDisk", "memory");
    CollectionChange everything =
        new CollectionChange(
            Map.of("", new VectorDiff(M_32, true, "cached")),
            M_32,
            null,
            2,
            3,
            4,
            5L,
            false,
            "cold",
            JsonObject.EMPTY);
    CollectionSpec changed = SpecChange.apply(SPEC, everything);
    assertThat(changed.vectors().keySet()).isEqualTo(SPEC.vectors().keySet());
    assertThat(changed.vector("").orElseThrow().size()).isEqualTo(4);
    assertThat(changed.shardNumber()).isEqualTo(SPEC.shardNumber());
  }

  private static List<String> components(Class<? extends Record> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static CollectionChange metadata(Map<String, Long> numbers) {
    Map<String, dev.eddy.model.json.JsonValue> members = new java.util.HashMap<>();
    numbers.forEach((key, number) -> members.put(key, new JsonLong(number)));
    return change(Map.of(), null, new JsonObject(members));
  }

  private static CollectionChange change(
      Map<String, VectorDiff> vectors, @Nullable HnswDiff hnsw, @Nullable JsonObject metadata) {
    return new CollectionChange(vectors, hnsw, null, null, null, null, null, null, null, metadata);
  }
}
