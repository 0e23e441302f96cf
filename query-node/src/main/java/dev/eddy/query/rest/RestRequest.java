package dev.eddy.query.rest;

import dev.eddy.model.collection.CollectionName;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.query.ReadOptions;
import dev.eddy.model.query.ReadToken;
import dev.eddy.query.rest.json.JsonBody;
import dev.eddy.query.write.WriteOptions;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** One request, as a handler sees it. Used by one thread. */
public final class RestRequest {
  /** Header in which a write gives its receipt and a read its minimum. */
  static final String TOKEN_HEADER = "Eddy-Token";

  /** Header in which a read asks how its filters were gone about, and in which that is told. */
  static final String EXPLAIN_HEADER = "Eddy-Explain";

  private final Map<String, String> pathParameters;
  private final QueryParameters query;
  private final Function<String, Optional<String>> headers;
  private final InputStream content;
  private final long startedNanos;
  private String pathPrefix = "";

  RestRequest(
      Map<String, String> pathParameters,
      QueryParameters query,
      Function<String, Optional<String>> headers,
      InputStream content,
      long startedNanos) {
    this.pathParameters = pathParameters;
    this.query = query;
    this.headers = headers;
    this.content = content;
    this.startedNanos = startedNanos;
  }

  /** The value of a part of the route's pattern. */
  public String path(String name) {
    String value = pathParameters.get(name);
    if (value == null) {
      throw new IllegalStateException("the route has no parameter " + name);
    }
    return value;
  }

  /**
   * Name of the collection or alias that the request is about.
   *
   * @throws EddyException VALIDATION when nothing can have that name, which is too long
   */
  String collection() {
    return collection(CollectionName::checkLength);
  }

  /** {@link #collection()} of one that is to be made: its name follows the rules. */
  String newCollection() {
    return collection(CollectionName::check);
  }

  private String collection(BiConsumer<String, String> check) {
    String name = path("collection_name");
    try {
      check.accept("collection_name", name);
    } catch (EddyException e) {
      throw EddyException.validation("Validation error in path parameters: [" + e.text() + "]");
    }
    return name;
  }

  /** A query parameter. */
  public Optional<String> query(String name) {
    return query.text(name);
  }

  /** A query parameter that is a whole number; 0 when it is not given. */
  int level(String name) {
    return query.level(name);
  }

  boolean flag(String name) {
    return query.flag(name);
  }

  /** When the request came, by {@link System#nanoTime}. */
  long startedNanos() {
    return startedNanos;
  }

  /** What the query parameters and the token ask of a read. */
  ReadOptions readOptions() {
    ReadToken token = headers.apply(TOKEN_HEADER).map(ReadToken::decode).orElse(null);
    return new ReadOptions(query.isStrong(), token, query.readTimeout(ReadOptions.TIMEOUT_DEFAULT));
  }

  /** What the query parameters ask of a write. */
  WriteOptions writeOptions() {
    query.checkOrdering();
    return new WriteOptions(query.flag("wait"), query.writeTimeout(WriteOptions.TIMEOUT_DEFAULT));
  }

  /** How long a change of a collection may take. */
  Duration timeout(Duration otherwise) {
    return query.readTimeout(otherwise);
  }

  /**
   * Reads the body.
   *
   * @throws EddyException as {@link JsonBody} says
   */
  <T> T body(JsonBody.Reader<T> reader) throws IOException {
    return body("", reader);
  }

  /** {@link #body(JsonBody.Reader)}; the prefix comes before every path in a complaint. */
  <T> T body(String prefix, JsonBody.Reader<T> reader) throws IOException {
    pathPrefix = prefix;
    return JsonBody.read(content, prefix, reader);
  }

  /** The prefix that was given with the body. */
  String pathPrefix() {
    return pathPrefix;
  }
}
