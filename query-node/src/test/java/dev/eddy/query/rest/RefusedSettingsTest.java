package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.query.world.FakeServices;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Settings of a wrong type or out of their range are refused before anything is asked for. */
class RefusedSettingsTest {
  private static final List<String> NO_WHOLE_NUMBERS =
      List.of("'x'", "-1", "1.5", "1e400", "NaN", "true", "[]", "{}", "18446744073709551616");
  private static final List<String> NO_FLAGS = List.of("'true'", "0", "1", "1.5", "[]", "{}");
  private static final List<String> NO_NUMBERS = List.of("'x'", "true", "[]", "{}", "NaN", "1e400");
  private static final List<String> NO_WORDS = List.of("'x'", "''", "1", "true", "[]", "{}");

  private static final String VECTOR = "{'vectors':{'size':4,'distance':'Dot'},%s}";
  private static final String INDEX = "{'field_name':'a','field_schema':{'type':'%s',%s}}";

  private final FakeServices services = new FakeServices();
  private final RestEdge edge = services.rest(RestSettings.of("127.0.0.1", 0));
  private final RestClient client = new RestClient(edge);

  @AfterEach
  void stop() {
    client.close();
    edge.close();
  }

  private void refused(String method, String path, String template, List<String> values) {
    for (String value : values) {
      String body = template.formatted(value).replace('\'', '"');
      services.reset();
      HttpResponse<String> response = client.send(method, path, body);
      assertThat(response.statusCode()).as("%s: %s", body, response.body()).isIn(400, 422);
      assertThat(services.asked).as(body).isEmpty();
    }
  }

  private void created(String template, List<String> values) {
    refused("PUT", "/collections/new", VECTOR.formatted(template), values);
  }

  private void changed(String template, List<String> values) {
    refused("PATCH", "/collections/words", template, values);
  }

  private void searched(String template, List<String> values) {
    refused(
        "POST",
        "/collections/words/points/query",
        "{'query':[1,2],'params':{" + template + "}}",
        values);
  }

  private void declared(String type, String template, List<String> values) {
    refused("PUT", "/collections/words/index", INDEX.formatted(type, template), values);
  }

  @Test
  void ofGraphs() {
    for (String name :
        List.of("m", "ef_construct", "full_scan_threshold", "max_indexing_threads", "payload_m")) {
      for (List<String> values :
          List.of(NO_WHOLE_NUMBERS, List.of("2147483648", "1" + "0".repeat(19)))) {
        created("'hnsw_config':{'" + name + "':%s}", values);
        changed("{'hnsw_config':{'" + name + "':%s}}", values);
        changed("{'vectors':{'':{'hnsw_config':{'" + name + "':%s}}}}", values);
        changed("{'metadata':{'a':1},'hnsw_config':{'on_disk':true,'" + name + "':%s}}", values);
      }
    }
    created("'hnsw_config':{'ef_construct':%s}", List.of("0", "3"));
    created("'hnsw_config':{'full_scan_threshold':%s}", List.of("0", "9"));
    created("'hnsw_config':{'inline_storage':%s}", NO_FLAGS);
    created("'hnsw_config':{'on_disk':%s}", NO_FLAGS);
    created("'hnsw_config':{'memory':%s}", NO_WORDS);
  }

  @Test
  void ofQuantization() {
    String config = "'quantization_config':{%s}";
    created(config.formatted("'scalar':{'type':%s}"), NO_WORDS);
    created(config.formatted("'product':{'compression':%s}"), NO_WORDS);
    created(config.formatted("'binary':{'encoding':%s}"), NO_WORDS);
    created(config.formatted("'binary':{'query_encoding':%s}"), NO_WORDS);
    created(config.formatted("'turbo':{'bits':%s}"), NO_WORDS);
    created(config.formatted("'turbo':{'memory':%s}"), NO_WORDS);
    created(config.formatted("'turbo':{'always_ram':%s}"), NO_FLAGS);
    String quantile = "'scalar':{'type':'int8','quantile':%s}";
    created(config.formatted(quantile), NO_NUMBERS);
    created(config.formatted(quantile), List.of("0.49", "1.01", "-1", "1e300"));
    changed("{" + config.formatted(quantile) + "}", List.of("0.49", "'x'"));
    changed("{'quantization_config':%s}", List.of("'x'", "1", "{}", "[]", "{'scalar':{}}"));
    created("'quantization_config':%s", List.of("'Disabled'", "1", "{}", "[]"));
  }

  @Test
  void ofVectors() {
    String vector = "{'vectors':{'size':4,'distance':'Dot',%s}}";
    refused("PUT", "/collections/new", vector.formatted("'datatype':%s"), NO_WORDS);
    refused(
        "PUT",
        "/collections/new",
        vector.formatted("'multivector_config':{'comparator':%s}"),
        NO_WORDS);
    String sized = "{'vectors':{'size':%s,'distance':'Dot'}}";
    refused("PUT", "/collections/new", sized, NO_WHOLE_NUMBERS);
    refused("PUT", "/collections/new", sized, List.of("0", "65537", "18446744073709551615"));
    String sparse = "'sparse_vectors':{'s':%s}";
    created(sparse.formatted("{'modifier':%s}"), NO_WORDS);
    created(sparse.formatted("{'index':{'datatype':%s}}"), NO_WORDS);
    created(sparse.formatted("{'index':{'datatype':%s}}"), List.of("'turbo4'"));
    created(sparse.formatted("{'index':{'full_scan_threshold':%s}}"), NO_WHOLE_NUMBERS);
    created(sparse.formatted("{'index':{'on_disk':%s}}"), NO_FLAGS);
  }

  @Test
  void ofSearches() {
    searched("'hnsw_ef':%s", NO_WHOLE_NUMBERS);
    searched("'hnsw_ef':%s", List.of("0"));
    searched("'exact':%s", NO_FLAGS);
    searched("'indexed_only':%s", NO_FLAGS);
    searched("'quantization':{'ignore':%s}", NO_FLAGS);
    searched("'quantization':{'rescore':%s}", NO_FLAGS);
    searched("'quantization':{'oversampling':%s}", NO_NUMBERS);
    searched("'quantization':{'oversampling':%s}", List.of("0", "0.99", "-1"));
    searched("'acorn':{'max_selectivity':%s}", NO_NUMBERS);
    searched("'acorn':{'max_selectivity':%s}", List.of("-0.1", "1.1"));
  }

  @Test
  void ofFields() {
    for (String name : List.of("min_token_len", "max_token_len")) {
      declared("text", "'" + name + "':%s", NO_WHOLE_NUMBERS);
      declared("text", "'" + name + "':%s", List.of("2147483648"));
    }
    declared("text", "'tokenizer':%s", NO_WORDS);
    declared("text", "'memory':%s", NO_WORDS);
    declared("text", "'stopwords':%s", List.of("'klingon'", "1", "[]", "{'custom':[1]}"));
    declared("text", "'stemmer':%s", List.of("'x'", "1", "{}", "{'type':'snowball'}"));
    Map<String, List<String>> flags =
        Map.of(
            "text", List.of("lowercase", "phrase_matching", "on_disk"),
            "integer", List.of("lookup", "range", "is_principal"),
            "keyword", List.of("is_tenant", "prefix"),
            "uuid", List.of("is_tenant"));
    flags.forEach(
        (type, names) -> names.forEach(name -> declared(type, "'" + name + "':%s", NO_FLAGS)));
    declared("integer", "'lookup':false,'range':%s", List.of("false"));
    refused(
        "PUT",
        "/collections/words/index",
        "{'field_name':'a','field_schema':%s}",
        List.of("'x'", "1", "null", "{}", "[]", "{'type':'x'}", "{'type':null}"));
  }

  @Test
  void whatIsLargeIsShownAsItWasGiven() {
    assertThat(
            client
                .send(
                    "PUT",
                    "/collections/new",
                    "{\"vectors\":{\"size\":4,\"distance\":\"Dot\"},\"hnsw_config\":{\"m\":18446744073709551615}}")
                .body())
        .contains(
            "hnsw_config.m: value 18446744073709551615 invalid, must be 2147483647 or smaller");
    assertThat(
            client
                .send(
                    "POST",
                    "/collections/words/points/query",
                    "{\"query\":[1,2],\"params\":{\"hnsw_ef\":18446744073709551615}}")
                .statusCode())
        .as("any beam may be asked for")
        .isEqualTo(200);
  }
}
