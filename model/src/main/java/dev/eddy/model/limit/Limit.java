package dev.eddy.model.limit;

/**
 * Everything that a node bounds by itself. The name is what options, metrics and documents call it;
 * {@code docs/limits.md} lists all of them.
 */
public enum Limit {
  /** Of one request after decompression. */
  REST_BODY("rest-body", Unit.BYTES, 32L << 20, 1_024, 1L << 30),
  /** Of all requests together; an object counts {@value Limit#OBJECT_BYTES} bytes more. */
  REST_BODIES("rest-bodies", Unit.BYTES, 256L << 20, 1_024, 1L << 40),
  REST_REQUESTS("rest-requests", Unit.COUNT, 512, 1, 1_000_000),
  REST_CONNECTIONS("rest-connections", Unit.COUNT, 10_000, 1, 1_000_000),
  /** Requests at once of one connection of HTTP/2. */
  REST_STREAMS("rest-streams", Unit.COUNT, 256, 1, 1_000_000),
  GRPC_MESSAGE("grpc-message", Unit.BYTES, 64L << 20, 1_024, 1L << 30),
  /** Of all calls together, answers that are not taken included. */
  GRPC_MESSAGES("grpc-messages", Unit.BYTES, 256L << 20, 1_024, 1L << 40),
  GRPC_CALLS("grpc-calls", Unit.COUNT, 1_024, 1, 1_000_000),
  GRPC_CONNECTIONS("grpc-connections", Unit.COUNT, 10_000, 1, 1_000_000),
  /** Calls at once of one connection. */
  GRPC_STREAMS("grpc-streams", Unit.COUNT, 256, 1, 1_000_000),
  /** Messages inside messages, which protobuf counts. */
  GRPC_DEPTH("grpc-depth", Unit.COUNT, 100, 100, 100),
  /** From the first byte of a request to its last. */
  REQUEST_TIME("request-time", Unit.MILLIS, 120_000, 10, 86_400_000),
  /** Between two bytes of a request. */
  REQUEST_PAUSE("request-pause", Unit.MILLIS, 30_000, 10, 86_400_000),
  /** From an answer to the client's having taken it. */
  ANSWER_TIME("answer-time", Unit.MILLIS, 120_000, 10, 86_400_000),
  /** Without a request. */
  CONNECTION_IDLE("connection-idle", Unit.MILLIS, 300_000, 10, 86_400_000),
  /** Of one answer in memory; by default never more than a twelfth of the heap. */
  ANSWER("answer", Unit.BYTES, 256L << 20, 1_024, 1L << 40),
  /** Of all answers together; by default never more than a sixth of the heap. */
  ANSWERS("answers", Unit.BYTES, 1L << 30, 1_024, 1L << 40),
  /** Queries with their prefetches, or updates, of one request. */
  BATCH("batch", Unit.COUNT, 10_000, 1, 1_000_000),
  /** Points or ids of one request. */
  POINTS("points", Unit.COUNT, 1L << 20, 1, 1L << 22),
  /** Of one filter, those of filters inside it included. */
  FILTER_CONDITIONS("filter-conditions", Unit.COUNT, 10_000, 1, 1_000_000),
  FILTER_DEPTH("filter-depth", Unit.COUNT, 20, 1, 20),
  PREFETCH_DEPTH("prefetch-depth", Unit.COUNT, 64, 1, 64),
  FORMULA_DEPTH("formula-depth", Unit.COUNT, 24, 24, 24),
  /** Filters inside the conditions of a formula. */
  FORMULA_FILTER_DEPTH("formula-filter-depth", Unit.COUNT, 10, 10, 10),
  /** Of one query with its prefetches; of relevance feedback every pair of them counts. */
  EXAMPLES("examples", Unit.COUNT, 10_000, 1, 1_000_000),
  /** Of one point, encoded. */
  PAYLOAD("payload", Unit.BYTES, 16L << 20, 2, 16L << 20),
  /** Objects and lists inside each other, the payload itself included. */
  PAYLOAD_DEPTH("payload-depth", Unit.COUNT, 120, 1, 120),
  /** Any JSON of a request, from its outermost bracket. */
  JSON_DEPTH("json-depth", Unit.COUNT, 128, 128, 128),
  /** Points that a distance matrix is made of. */
  MATRIX_SAMPLE("matrix-sample", Unit.COUNT, 10_000, 1, 1_000_000),
  MMR_CANDIDATES("mmr-candidates", Unit.COUNT, 16_384, 16_384, 16_384),
  /** Characters. */
  COLLECTION_NAME("collection-name", Unit.COUNT, 255, 255, 255),
  VECTOR_NAME("vector-name", Unit.BYTES, 200, 200, 200),
  VECTOR_DIMENSIONS("vector-dimensions", Unit.COUNT, 65_536, 65_536, 65_536),
  SHARDS("shards", Unit.COUNT, 1_024, 1_024, 1_024),
  /** What a shard's log takes as one piece: a point, or an update by filter. */
  RECORD("record", Unit.BYTES, (16L << 20) - 1_024, (16L << 20) - 1_024, (16L << 20) - 1_024);

  /** What an object takes in memory beside its text, at the least. */
  public static final int OBJECT_BYTES = 64;

  /** What a limit's number means. */
  public enum Unit {
    COUNT,
    BYTES,
    MILLIS
  }

  private final String apiName;
  private final Unit unit;
  private final long standard;
  private final long least;
  private final long most;

  Limit(String apiName, Unit unit, long standard, long least, long most) {
    this.apiName = apiName;
    this.unit = unit;
    this.standard = standard;
    this.least = least;
    this.most = most;
  }

  /** The name in options, metrics and documents. */
  public String apiName() {
    return apiName;
  }

  public Unit unit() {
    return unit;
  }

  /** What it is when nobody sets it. */
  public long standard() {
    return standard;
  }

  public long least() {
    return least;
  }

  public long most() {
    return most;
  }

  /** Whether it can be set; the others follow from formats or from the contract. */
  public boolean isSettable() {
    return least < most;
  }
}
