package dev.eddy.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionChange.VectorDiff;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.Declaration.DeclareField;
import dev.eddy.model.collection.Declaration.DropField;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.FieldIndex.Type;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.QuantizationDiff;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
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
        SpecChange.apply(
            SPEC, change(Map.of("", new VectorDiff(M_32, true, null, null)), M_32, null));

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
                SPEC, change(Map.of("image", new VectorDiff(M_32, null, null, null)), null, null)))
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

  @Test
  void quantizationIsReplacedAsAWholeOrRemoved() {
    Quantization scalar = new Quantization.Scalar(0.9f, true, null);
    Quantization again = new Quantization.Scalar(null, null, "cold");
    CollectionSpec one = SpecChange.apply(SPEC, NOTHING.withQuantization(to(scalar)));
    assertThat(one).isEqualTo(SPEC.withQuantization(scalar));
    assertThat(SpecChange.apply(one, NOTHING)).isEqualTo(one);
    assertThat(SpecChange.apply(one, NOTHING.withQuantization(to(again))).quantization())
        .isEqualTo(again);
    assertThat(SpecChange.apply(one, NOTHING.withQuantization(QuantizationDiff.DISABLED)))
        .isEqualTo(SPEC);
  }

  @Test
  void aVectorsOwnQuantizationIsReplacedAsAWholeOrRemoved() {
    Quantization scalar = new Quantization.Scalar(0.9f, true, null);
    Quantization turbo = new Quantization.Turbo(null, null, null);
    CollectionSpec one = SpecChange.apply(SPEC, ofVector(to(scalar)));
    assertThat(one.vector("").orElseThrow().quantization()).isEqualTo(scalar);
    assertThat(one.quantization()).isNull();
    assertThat(SpecChange.apply(one, ofVector(null))).isEqualTo(one);
    CollectionSpec two = SpecChange.apply(one, ofVector(to(turbo)));
    assertThat(two.vector("").orElseThrow().quantization()).isEqualTo(turbo);
    assertThat(SpecChange.apply(two, ofVector(QuantizationDiff.DISABLED))).isEqualTo(SPEC);
  }

  @Test
  void anEmptyChangeOfAVectorsGraphTakesBackWhatWasSet() {
    CollectionSpec own = SpecChange.apply(SPEC, graphOfVector(M_32));
    assertThat(own.hnswOf("").m()).isEqualTo(32);
    assertThat(SpecChange.apply(own, graphOfVector(null))).isEqualTo(own);
    CollectionSpec unset = SpecChange.apply(own, graphOfVector(HnswDiff.NONE));
    assertThat(unset.vector("").orElseThrow().hnsw()).isNull();
    assertThat(unset.hnswOf("")).isEqualTo(unset.hnsw());
  }

  private static CollectionChange graphOfVector(@Nullable HnswDiff diff) {
    return change(Map.of("", new VectorDiff(diff, null, null, null)), null, null);
  }

  private static QuantizationDiff to(Quantization quantization) {
    return new QuantizationDiff(quantization);
  }

  private static CollectionChange ofVector(@Nullable QuantizationDiff diff) {
    return change(Map.of("", new VectorDiff(null, null, null, diff)), null, null);
  }

  /**
   * Inbox records are judged before they are sent, and nobody writes dead letters of what a shard
   * refuses: so no change of settings may make a shard refuse what fitted before, and of a name
   * that is dropped the vectors are left out. See decision 21.
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
            "metadata",
            "strictMode",
            "declaration",
            "sparseVectors",
            "quantization");
    assertThat(components(VectorDiff.class))
        .containsExactly("hnsw", "onDisk", "memory", "quantization");
    CollectionChange everything =
        new CollectionChange(
            Map.of("", new VectorDiff(M_32, true, "cached", QuantizationDiff.DISABLED)),
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

  @Test
  void aFieldIsDeclaredReplacedAndDropped() {
    KeyPath field = KeyPath.parse("a.b");
    CollectionSpec declared = apply(SPEC, new DeclareField(field, FieldIndex.of(Type.KEYWORD)));
    assertThat(declared.payloadIndexes())
        .containsExactly(Map.entry("a.b", FieldIndex.of(Type.KEYWORD)));
    assertThat(apply(declared, new DeclareField(field, FieldIndex.of(Type.KEYWORD))))
        .isEqualTo(declared);
    assertThat(apply(declared, new DeclareField(field, FieldIndex.of(Type.UUID))).payloadIndexes())
        .containsExactly(Map.entry("a.b", FieldIndex.of(Type.UUID)));
    assertThat(apply(declared, new DropField(KeyPath.parse("other")))).isEqualTo(declared);
    assertThat(apply(declared, new DropField(field))).isEqualTo(SPEC);
  }

  @Test
  void aFieldIsTheSameInEverySpelling() {
    FieldIndex keyword = FieldIndex.of(Type.KEYWORD);
    CollectionSpec quoted =
        apply(SPEC, new DeclareField(KeyPath.parse("\"a\".\"b c\""), FieldIndex.of(Type.INTEGER)));
    assertThat(quoted.payloadIndexes().keySet()).containsExactly("a.\"b c\"");
    KeyPath plain = KeyPath.parse("a.\"b c\"");
    CollectionSpec replaced = apply(quoted, new DeclareField(plain, keyword));
    assertThat(replaced.payloadIndexes()).containsExactly(Map.entry("a.\"b c\"", keyword));
    assertThat(apply(replaced, new DropField(KeyPath.parse("\"a\".\"b c\"")))).isEqualTo(SPEC);
    // As an early build stored it.
    CollectionSpec old = SPEC.withPayloadIndexes(Map.of("\"a\"", keyword));
    assertThat(apply(old, new DropField(KeyPath.parse("a")))).isEqualTo(SPEC);
    assertThat(apply(old, new DeclareField(KeyPath.parse("a"), keyword)).payloadIndexes())
        .containsExactly(Map.entry("a", keyword));
  }

  @Test
  void strictModeBoundsTheNumberOfDeclaredFields() {
    CollectionSpec strict = SpecChange.apply(SPEC, NOTHING.withStrictMode(atMostFields(1L, true)));
    CollectionSpec one =
        apply(strict, new DeclareField(KeyPath.parse("a"), FieldIndex.of(Type.BOOL)));
    // Another form of the same field takes no place.
    CollectionSpec other =
        apply(one, new DeclareField(KeyPath.parse("a"), FieldIndex.of(Type.FLOAT)));
    DeclareField second = new DeclareField(KeyPath.parse("b"), FieldIndex.of(Type.BOOL));
    assertThatThrownBy(() -> apply(other, second))
        .hasMessage(
            "Bad request: Collection already has the maximum number of payload indices (1). Help: Please delete an existing index before creating a new one.");
    CollectionSpec off = SpecChange.apply(other, NOTHING.withStrictMode(atMostFields(null, false)));
    assertThat(off.strictMode()).isEqualTo(atMostFields(1L, false));
    assertThat(apply(off, second).payloadIndexes()).hasSize(2);
  }

  private static final CollectionChange NOTHING = change(Map.of(), null, null);

  private static StrictMode atMostFields(@Nullable Long max, boolean enabled) {
    return new StrictMode(
        enabled, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, Map.of(), Map.of(), max, null);
  }

  private static CollectionSpec apply(CollectionSpec spec, Declaration declaration) {
    return SpecChange.apply(spec, CollectionChange.of(declaration));
  }

  @Test
  void aVectorNameIsAddedOnceAndDropped() {
    VectorParams params = VectorParams.of(3, Distance.DOT);
    CollectionSpec more = apply(SPEC, new Declaration.AddVector("v", params));
    assertThat(more.vector("v")).contains(params);
    assertThat(apply(more, new Declaration.AddVector("v", params))).isEqualTo(more);
    assertThatThrownBy(
            () -> apply(more, new Declaration.AddVector("v", VectorParams.of(4, Distance.DOT))))
        .hasMessage("Wrong input: Vector `v` already exists with a different configuration");
    CollectionSpec sparse = SPEC.withSparseVectors(Map.of("s", SparseVectorParams.DEFAULT));
    assertThatThrownBy(() -> apply(sparse, new Declaration.AddVector("s", params)))
        .hasMessage("Wrong input: Vector `s` already exists as a sparse vector");
    assertThat(apply(more, new Declaration.DropVector("v"))).isEqualTo(SPEC);
    assertThatThrownBy(() -> apply(SPEC, new Declaration.DropVector("v")))
        .hasMessage("Wrong input: Not existing vector name error: v");
  }

  @Test
  void aNameOfSparseVectorsIsAddedOnceAndDropped() {
    SparseVectorParams params = SparseVectorParams.of(SparseVectorParams.Modifier.IDF, null);
    CollectionSpec more = apply(SPEC, new Declaration.AddSparseVector("s", params));
    assertThat(more.sparseVectors()).containsExactly(Map.entry("s", params));
    assertThat(apply(more, new Declaration.AddSparseVector("s", params))).isEqualTo(more);
    SparseVectorParams sameInOtherWords =
        SparseVectorParams.of(SparseVectorParams.Modifier.IDF, "float32");
    assertThat(apply(more, new Declaration.AddSparseVector("s", sameInOtherWords))).isEqualTo(more);
    assertThatThrownBy(
            () -> apply(more, new Declaration.AddSparseVector("s", SparseVectorParams.DEFAULT)))
        .hasMessage("Wrong input: Vector `s` already exists with a different configuration");
    CollectionSpec dense =
        apply(SPEC, new Declaration.AddVector("v", VectorParams.of(3, Distance.DOT)));
    assertThatThrownBy(() -> apply(dense, new Declaration.AddSparseVector("v", params)))
        .hasMessage("Wrong input: Vector `v` already exists as a dense vector");
    assertThat(apply(more, new Declaration.DropVector("s"))).isEqualTo(SPEC);
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
