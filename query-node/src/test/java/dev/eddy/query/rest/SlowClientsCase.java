package dev.eddy.query.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.limit.Limits;
import dev.eddy.query.world.FakeServices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/** An edge of REST that slow clients ask, and what was opened for that. */
abstract class SlowClientsCase {
  static final String COUNT = "/collections/words/points/count";

  final FakeServices services = new FakeServices();
  final List<AutoCloseable> opened = new ArrayList<>();

  final RestEdge start(Limits limits) {
    RestEdge edge = services.rest(new RestSettings("127.0.0.1", 0, limits));
    opened.add(edge);
    return edge;
  }

  static void othersGoOn(RestEdge edge) {
    try (RestClient other = new RestClient(edge)) {
      int status = 429;
      // A place is given back after its request is counted.
      while (status == 429) {
        status = other.send("POST", COUNT, "{}").statusCode();
      }
      assertThat(status).isEqualTo(200);
    }
  }

  @AfterEach
  final void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }
}
