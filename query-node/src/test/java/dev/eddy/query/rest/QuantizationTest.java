package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.query.world.FakeServices;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is asked for of quantization is shown back as it was given. */
class QuantizationTest {
  private static final List<String> ALL =
      List.of(
          "{'scalar':{'type':'int8'}}",
          "{'scalar':{'type':'int8','quantile':0.5,'always_ram':true}}",
          "{'scalar':{'type':'int8','quantile':0.99,'always_ram':false,'memory':'pinned'}}",
          "{'scalar':{'type':'int8','quantile':1.0}}",
          "{'product':{'compression':'x4'}}",
          "{'product':{'compression':'x8','always_ram':true}}",
          "{'product':{'compression':'x16','memory':'cold'}}",
          "{'product':{'compression':'x32'}}",
          "{'product':{'compression':'x64'}}",
          "{'binary':{}}",
          "{'binary':{'encoding':'one_bit','query_encoding':'default'}}",
          "{'binary':{'encoding':'two_bits','query_encoding':'binary','always_ram':true}}",
          "{'binary':{'encoding':'one_and_half_bits','query_encoding':'scalar4bits'}}",
          "{'binary':{'query_encoding':'scalar8bits','memory':'cached'}}",
          "{'turbo':{}}",
          "{'turbo':{'bits':'bits1'}}",
          "{'turbo':{'bits':'bits1_5','always_ram':false}}",
          "{'turbo':{'bits':'bits2','memory':'cold'}}",
          "{'turbo':{'bits':'bits4','always_ram':true,'memory':'pinned'}}");

  private final FakeServices services = new FakeServices();
  private final RestEdge edge = services.rest(RestSettings.of("127.0.0.1", 0));
  private final RestClient client = new RestClient(edge);

  @AfterEach
  void stop() {
    client.close();
    edge.close();
  }

  private String shown(String body) {
    services.reset();
    assertThat(client.send("PUT", "/collections/new", body).statusCode()).as(body).isEqualTo(200);
    return client.get("/collections/new").body();
  }

  @Test
  void ofACollection() {
    for (String quoted : ALL) {
      String json = quoted.replace('\'', '"');
      assertThat(shown("{\"quantization_config\":" + json + "}"))
          .contains("\"quantization_config\":" + json);
    }
    assertThat(shown("{}")).contains("\"quantization_config\":null");
  }

  @Test
  void ofAVector() {
    String vector = "\"size\":4,\"distance\":\"Dot\"";
    for (String quoted : ALL) {
      String json = quoted.replace('\'', '"');
      String asked = "{" + vector + ",\"quantization_config\":" + json + "}";
      assertThat(shown("{\"vectors\":{\"a\":" + asked + "}}"))
          .contains("\"a\":" + asked)
          .contains("\"quantization_config\":null");
    }
    assertThat(shown("{\"vectors\":{\"a\":{" + vector + "}}}")).contains("\"a\":{" + vector + "}");
  }

  @Test
  void inTheTelemetry() {
    shown("{\"quantization_config\":{\"turbo\":{}}}");
    assertThat(client.get("/telemetry?details_level=3").body())
        .contains("\"quantization_config\":{\"turbo\":{}}");
  }

  @Test
  void ofSeveralKindsTheFirstCounts() {
    String both = "{'turbo':{},'product':{'compression':'x4'}}".replace('\'', '"');
    assertThat(shown("{\"quantization_config\":" + both + "}"))
        .contains("\"quantization_config\":{\"product\":{\"compression\":\"x4\"}}");
  }
}
