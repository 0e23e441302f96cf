package dev.eddy.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.standalone.RunningEddy.Answered;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that says in each answer what its request used, from the outside. */
final class UsageIT {
  @Test
  void searchesAndWritesSayWhatTheyUsed(@TempDir Path folder) throws Exception {
    try (RunningEddy eddy = RunningEddy.start(folder.resolve("data"), true)) {
      String collection = "{'vectors':{'size':2,'distance':'Dot'},'shard_number':2}";
      assertThat(ok(eddy, "PUT", "/collections/c", collection)).doesNotContain("usage");
      String points =
          "{'points':[{'id':1,'vector':[1,2],'payload':{'a':1}},{'id':2,'vector':[3,4]},"
              + "{'id':3,'vector':[5,6]}]}";
      assertThat(ok(eddy, "PUT", "/collections/c/points?wait=true", points))
          .contains("'payload_io_write':7,", "'vector_io_write':24}");
      String query = "{'query':[1,1],'limit':1,'params':{'exact':true}}";
      // Each of the three rows has two numbers, in whichever shard it is.
      assertThat(ok(eddy, "POST", "/collections/c/points/query", query))
          .contains("'usage':{'hardware':{'cpu':24,'payload_io_read':0,");
      assertThat(ok(eddy, "POST", "/collections/c/points", "{'ids':[1,2]}"))
          .contains("'usage':{'hardware':{'cpu':0,'payload_io_read':7,");
    }
  }

  /** With single quotes for double ones. */
  private static String ok(RunningEddy eddy, String method, String path, String body)
      throws Exception {
    Answered answered = eddy.rest(method, path, body.replace('\'', '"'));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    return answered.body().replace('"', '\'');
  }
}
