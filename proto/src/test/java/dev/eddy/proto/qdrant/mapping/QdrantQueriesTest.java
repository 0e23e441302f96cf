package dev.eddy.proto.qdrant.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.point.PayloadSelector;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.VectorSelector;
import dev.eddy.model.query.Example;
import dev.eddy.model.query.PointQuery;
import dev.eddy.model.query.QuantizationSearch;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.SearchParams;
import dev.eddy.proto.qdrant.AcornSearchParams;
import dev.eddy.proto.qdrant.CountPoints;
import dev.eddy.proto.qdrant.DenseVector;
import dev.eddy.proto.qdrant.Document;
import dev.eddy.proto.qdrant.Filter;
import dev.eddy.proto.qdrant.GetPoints;
import dev.eddy.proto.qdrant.IdfParams;
import dev.eddy.proto.qdrant.QuantizationSearchParams;
import dev.eddy.proto.qdrant.Query;
import dev.eddy.proto.qdrant.QueryPoints;
import dev.eddy.proto.qdrant.ReadConsistency;
import dev.eddy.proto.qdrant.ReadConsistencyType;
import dev.eddy.proto.qdrant.RecommendPoints;
import dev.eddy.proto.qdrant.ScrollPoints;
import dev.eddy.proto.qdrant.SearchPoints;
import dev.eddy.proto.qdrant.ShardKeySelector;
import dev.eddy.proto.qdrant.SparseIndices;
import dev.eddy.proto.qdrant.VectorInput;
import dev.eddy.proto.qdrant.VectorsSelector;
import dev.eddy.proto.qdrant.WithPayloadSelector;
import dev.eddy.proto.qdrant.WithVectorsSelector;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class QdrantQueriesTest {

  @Test
  void anOlderSearchMayBeForASparseVector() {
    PointQuery query =
        QdrantQueries.search(
            SearchPoints.newBuilder()
                .setVectorName("s")
                .addVector(0.5f)
                .setLimit(1)
                .setSparseIndices(SparseIndices.newBuilder().addData(7))
                .build());
    assertThat(query.query())
        .isEqualTo(
            new dev.eddy.model.query.Query.Nearest(
                new Example.ByVector(new Vector.Sparse(new int[] {7}, new float[] {0.5f})), null));
  }

  @Test
  void aQueryThatSaysNothingTakesTheDefaults() {
    PointQuery request = QdrantQueries.query(QueryPoints.getDefaultInstance());
    assertThat(request)
        .isEqualTo(
            new PointQuery(
                List.of(),
                null,
                "",
                null,
                SearchParams.DEFAULT,
                10,
                0,
                null,
                null,
                PayloadSelector.None.NONE,
                VectorSelector.None.NONE));
  }

  @Test
  void everythingThatIsSaidIsTakenUp() {
    PointQuery request =
        QdrantQueries.query(
            QueryPoints.newBuilder()
                .setQuery(nearest(VectorInput.newBuilder().setDense(dense(1f, -2f))))
                .setUsing("text")
                .setFilter(Filter.getDefaultInstance())
                .setParams(
                    dev.eddy.proto.qdrant.SearchParams.newBuilder()
                        .setHnswEf(64)
                        .setExact(true)
                        .setIndexedOnly(true))
                .setScoreThreshold(0.5f)
                .setLimit(3)
                .setOffset(4)
                .setWithPayload(WithPayloadSelector.newBuilder().setEnable(true))
                .setWithVectors(
                    WithVectorsSelector.newBuilder()
                        .setInclude(VectorsSelector.newBuilder().addNames("text")))
                .build());
    assertThat(request.query())
        .isEqualTo(
            new dev.eddy.model.query.Query.Nearest(
                new Example.ByVector(new Vector.Dense(new float[] {1f, -2f})), null));
    assertThat(request.using()).isEqualTo("text");
    assertThat(request.filter()).isEqualTo(dev.eddy.model.filter.Filter.ANY);
    assertThat(request.params()).isEqualTo(new SearchParams(64, true, true));
    assertThat(request.scoreThreshold()).isEqualTo(0.5f);
    assertThat(request.limit()).isEqualTo(3);
    assertThat(request.offset()).isEqualTo(4);
    assertThat(request.payload()).isEqualTo(PayloadSelector.All.ALL);
    assertThat(request.vectors()).isEqualTo(new VectorSelector.Names(List.of("text")));
  }

  @Test
  void aQueryByIdTakesAnySpellingOfAUuid() {
    VectorInput.Builder input =
        VectorInput.newBuilder()
            .setId(
                dev.eddy.proto.qdrant.PointId.newBuilder()
                    .setUuid("urn:uuid:01234567-89AB-CDEF-0123-456789ABCDEF"));
    PointQuery request =
        QdrantQueries.query(QueryPoints.newBuilder().setQuery(nearest(input)).build());
    assertThat(request.query())
        .isEqualTo(
            new dev.eddy.model.query.Query.Nearest(
                new Example.ById(PointId.parse("01234567-89ab-cdef-0123-456789abcdef")), null));
  }

  @Test
  void aVariantThatSaysNothingIsTakenWithItsDefaultsOrNamesWhatIsMissing()
      throws InvalidProtocolBufferException {
    for (FieldDescriptor variant : Query.getDescriptor().getOneofs().getFirst().getFields()) {
      Query query = only(variant);
      switch (variant.getName()) {
        case "nearest", "discover", "nearest_with_mmr", "formula", "relevance_feedback" ->
            refused(() -> queryOf(query), ErrorCode.WRONG_INPUT, "query." + variant.getName());
        case "order_by" ->
            refused(() -> queryOf(query), ErrorCode.WRONG_INPUT, "Invalid json path");
        case "recommend" ->
            assertThat(queryOf(query).query())
                .isEqualTo(
                    new dev.eddy.model.query.Query.Recommend(
                        List.of(), List.of(), dev.eddy.model.query.Query.Strategy.AVERAGE_VECTOR));
        case "context" ->
            refused(() -> queryOf(query), ErrorCode.VALIDATION, "query.context: must not be empty");
        case "fusion", "rrf" ->
            assertThat(queryOf(query).query())
                .isEqualTo(new dev.eddy.model.query.Query.Rrf(2, List.of()));
        case "sample" ->
            assertThat(queryOf(query).query()).isEqualTo(dev.eddy.model.query.Query.Sample.RANDOM);
        default -> throw new AssertionError("a new variant: " + variant);
      }
    }
  }

  @Test
  void everyFormOfAVectorIsBuiltOrRefusedByName() throws InvalidProtocolBufferException {
    for (FieldDescriptor variant : VectorInput.getDescriptor().getOneofs().getFirst().getFields()) {
      DynamicMessage input =
          DynamicMessage.newBuilder(VectorInput.getDescriptor())
              .setField(variant, DynamicMessage.getDefaultInstance(variant.getMessageType()))
              .build();
      Query query = nearest(VectorInput.parseFrom(input.toByteString()).toBuilder());
      switch (variant.getName()) {
        case "id" -> refused(() -> queryOf(query), ErrorCode.WRONG_INPUT, "query.nearest.id");
        case "dense" ->
            refused(() -> queryOf(query), ErrorCode.VALIDATION, "dense vector must not be empty");
        case "sparse", "multi_dense" -> assertThat(queryOf(query)).isNotNull();
        case "document" ->
            refused(() -> queryOf(query), ErrorCode.VALIDATION, "query.nearest.document.model");
        case "image", "object" ->
            refused(
                () -> queryOf(query), ErrorCode.INFERENCE, "query.nearest." + variant.getName());
        default -> throw new AssertionError("a new form: " + variant);
      }
    }
  }

  @Test
  void anAskedDocumentWeighsItsTokensEqually() {
    Document document =
        Document.newBuilder().setText("Hello hello World").setModel("Qdrant/bm25").build();
    var tokens = new Vector.Sparse(new int[] {74_040_069, 613_153_351}, new float[] {1f, 1f});
    assertThat(queryOf(nearest(VectorInput.newBuilder().setDocument(document))).query())
        .isEqualTo(new dev.eddy.model.query.Query.Nearest(new Example.ByVector(tokens), null));
    // The older searches carry documents as vectors.
    assertThat(
            QdrantOlderQueries.recommend(
                    RecommendPoints.newBuilder()
                        .addPositiveVectors(
                            dev.eddy.proto.qdrant.Vector.newBuilder().setDocument(document))
                        .setLimit(1)
                        .build())
                .query())
        .isEqualTo(
            new dev.eddy.model.query.Query.Recommend(
                List.of(new Example.ByVector(tokens)),
                List.of(),
                dev.eddy.model.query.Query.Strategy.AVERAGE_VECTOR));
  }

  private static Query only(FieldDescriptor variant) throws InvalidProtocolBufferException {
    DynamicMessage.Builder builder = DynamicMessage.newBuilder(Query.getDescriptor());
    if (variant.getJavaType() == FieldDescriptor.JavaType.ENUM) {
      builder.setField(variant, variant.getEnumType().getValues().getFirst());
    } else {
      builder.setField(variant, DynamicMessage.getDefaultInstance(variant.getMessageType()));
    }
    return Query.parseFrom(builder.build().toByteString());
  }

  private static PointQuery queryOf(Query query) {
    return QdrantQueries.query(QueryPoints.newBuilder().setQuery(query).build());
  }

  @Test
  void whatIsNotBuiltIsRefusedByName() {
    QueryPoints.Builder query = QueryPoints.newBuilder();
    unbuilt(
        () ->
            QdrantQueries.query(
                query.clone().setShardKeySelector(ShardKeySelector.getDefaultInstance()).build()),
        "shard_key_selector");
  }

  @Test
  void rarityMayBeCountedInACorpus() {
    assertThat(
            params(p -> p.setIdf(IdfParams.newBuilder().setCorpus(Filter.getDefaultInstance())))
                .idfCorpus())
        .isEqualTo(new dev.eddy.model.filter.Filter(List.of(), null, List.of(), null));
  }

  @Test
  void theContractsDefaultsAreNeverRefused() {
    SearchParams params =
        params(p ->
            p.setQuantization(QuantizationSearchParams.newBuilder().setIgnore(false))
                .setAcorn(AcornSearchParams.newBuilder().setEnable(false).setMaxSelectivity(0.4))
                .setIdf(IdfParams.getDefaultInstance()));
    assertThat(params).isEqualTo(SearchParams.DEFAULT);
  }

  @Test
  void howToSearchShortenedVectorsIsTakenUpAndOfGraphsChecked() {
    SearchParams params =
        params(p ->
            p.setQuantization(
                    QuantizationSearchParams.newBuilder()
                        .setIgnore(true)
                        .setRescore(false)
                        .setOversampling(1))
                .setAcorn(AcornSearchParams.newBuilder().setEnable(true).setMaxSelectivity(1)));
    assertThat(params)
        .isEqualTo(
            new SearchParams(null, false, false, null, new QuantizationSearch(true, false, 1.0)));
    assertThat(params.forShards()).isEqualTo(params);
    for (double value : new double[] {0.99, Double.NaN}) {
      invalid(
          () ->
              params(p ->
                  p.setQuantization(QuantizationSearchParams.newBuilder().setOversampling(value))),
          "params.quantization.oversampling: value " + value + " invalid, must be 1.0 or larger");
    }
    for (double value : new double[] {-0.1, 1.1, Double.NaN}) {
      invalid(
          () -> params(p -> p.setAcorn(AcornSearchParams.newBuilder().setMaxSelectivity(value))),
          "params.acorn.max_selectivity: value " + value + " invalid, must be from 0.0 to 1.0");
    }
  }

  private interface Change {
    void to(dev.eddy.proto.qdrant.SearchParams.Builder params);
  }

  private static SearchParams params(Change change) {
    dev.eddy.proto.qdrant.SearchParams.Builder builder =
        dev.eddy.proto.qdrant.SearchParams.newBuilder();
    change.to(builder);
    return QdrantQueries.params(builder.build());
  }

  @Test
  void rulesAreKept() {
    refused(
        () -> QdrantQueries.query(QueryPoints.newBuilder().setLimit(0).build()),
        ErrorCode.VALIDATION,
        "limit: value 0 invalid, must be 1 or larger");
    refused(
        () -> QdrantQueries.search(SearchPoints.newBuilder().addVector(1).build()),
        ErrorCode.VALIDATION,
        "limit: value 0 invalid");
    refused(
        () -> QdrantQueries.scroll(ScrollPoints.newBuilder().setLimit(0).build()),
        ErrorCode.BAD_REQUEST,
        "Limit cannot be 0");
    refused(
        () -> queryOf(nearest(VectorInput.newBuilder().setDense(dense(1f, Float.NaN)))),
        ErrorCode.VALIDATION,
        "query.nearest.dense.data[1]: value NaN invalid");
    refused(
        () -> params(p -> p.setHnswEf(0)), ErrorCode.VALIDATION, "params.hnsw_ef: value 0 invalid");
    refused(
        () ->
            QdrantQueries.query(
                QueryPoints.newBuilder()
                    .setWithPayload(WithPayloadSelector.getDefaultInstance())
                    .build()),
        ErrorCode.WRONG_INPUT,
        "with_payload is not set");
  }

  @Test
  void aLimitBeyondAnIntMeansAsManyAsThereCanBe() {
    QueryPoints huge = QueryPoints.newBuilder().setLimit(-1).setOffset(-1).build();
    assertThat(QdrantQueries.query(huge).limit()).isEqualTo(Rules.HITS_MAX);
    assertThat(QdrantQueries.query(huge).offset()).isEqualTo(Rules.HITS_MAX);
  }

  @Test
  void aFieldOfALaterContractIsRefused() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(77, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    refused(
        () -> QdrantQueries.query(QueryPoints.newBuilder().setUnknownFields(later).build()),
        ErrorCode.WRONG_INPUT,
        "field 77");
    refused(
        () -> queryOf(nearest(VectorInput.newBuilder().setUnknownFields(later))),
        ErrorCode.WRONG_INPUT,
        "query.nearest: field 77");
  }

  @Test
  void scrollRetrieveAndCountHaveDefaultsOfTheirOwn() {
    PageRequest page = QdrantQueries.scroll(ScrollPoints.getDefaultInstance());
    assertThat(page)
        .isEqualTo(
            new PageRequest(
                null, 10, null, PayloadSelector.All.ALL, VectorSelector.None.NONE, null));
    assertThat(QdrantQueries.payload(GetPoints.getDefaultInstance()))
        .isEqualTo(PayloadSelector.All.ALL);
    assertThat(QdrantQueries.isExact(CountPoints.getDefaultInstance())).isTrue();
    assertThat(QdrantQueries.isExact(CountPoints.newBuilder().setExact(false).build())).isFalse();
    assertThat(QdrantQueries.filter(CountPoints.getDefaultInstance())).isNull();
  }

  @Test
  void anyConsistencyAskedForIsAStrongRead() {
    assertThat(QdrantQueries.options(null, null, null)).isEqualTo(ReadOptions.DEFAULT);
    ReadConsistency majority =
        ReadConsistency.newBuilder().setType(ReadConsistencyType.Majority).build();
    assertThat(QdrantQueries.options(majority, 3L, null))
        .isEqualTo(new ReadOptions(true, null, Duration.ofSeconds(3)));
    refused(
        () -> QdrantQueries.options(ReadConsistency.getDefaultInstance(), null, null),
        ErrorCode.WRONG_INPUT,
        "read_consistency is not set");
    refused(
        () -> QdrantQueries.options(ReadConsistency.newBuilder().setFactor(0).build(), null, null),
        ErrorCode.VALIDATION,
        "read_consistency.factor: value 0 invalid");
    refused(
        () -> QdrantQueries.options(null, 0L, null),
        ErrorCode.VALIDATION,
        "timeout: value 0 invalid");
  }

  private static Query nearest(VectorInput.Builder input) {
    return Query.newBuilder().setNearest(input).build();
  }

  private static DenseVector dense(float... values) {
    DenseVector.Builder builder = DenseVector.newBuilder();
    for (float value : values) {
      builder.addData(value);
    }
    return builder.build();
  }

  private static void unbuilt(Supplier<?> call, String text) {
    refused(call, ErrorCode.NOT_IMPLEMENTED, text);
  }

  private static void invalid(Supplier<?> call, String text) {
    refused(call, ErrorCode.VALIDATION, text);
  }

  private static void refused(Supplier<?> call, ErrorCode code, String text) {
    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            EddyException.class, e -> assertThat(e.code()).as(e.text()).isEqualTo(code))
        .hasMessageContaining(text);
  }
}
