package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.query.world.FakeServices;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Vectors may be named like parameters of a vector. */
class VectorNamesTest {
  private final FakeServices services = new FakeServices();
  private final RestEdge edge = services.rest(RestSettings.of("127.0.0.1", 0));
  private final RestClient client = new RestClient(edge);

  @AfterEach
  void stop() {
    client.close();
    edge.close();
  }

  private int create(String vectors) {
    services.reset();
    return client.send("PUT", "/collections/new", "{\"vectors\":" + vectors + "}").statusCode();
  }

  @Test
  void aParameterThatIsNoObjectIsAName() {
    for (String name : List.of("size", "distance", "on_disk", "memory", "datatype", "other")) {
      String vectors = "{\"" + name + "\":{\"size\":1,\"distance\":\"Dot\"}}";
      assertThat(create(vectors)).as(name).isEqualTo(200);
      assertThat(client.get("/collections/new").body()).contains("\"vectors\":" + vectors);
    }
  }

  @Test
  void noNameIsTakenForAParameterAndForgotten() {
    for (String name : List.of("hnsw_config", "multivector_config", "quantization_config")) {
      assertThat(create("{\"" + name + "\":{\"size\":1,\"distance\":\"Dot\"}}"))
          .as(name)
          .isEqualTo(400);
    }
  }

  @Test
  void aParameterOfAVectorIsNoVector() {
    for (String name : List.of("on_disk", "memory", "datatype")) {
      String vector = "{\"size\":1,\"distance\":\"Dot\",\"" + name + "\":{}}";
      assertThat(create(vector)).as(name).isEqualTo(400);
      assertThat(create("{\"a\":" + vector + "}")).as(name).isEqualTo(400);
    }
  }
}
