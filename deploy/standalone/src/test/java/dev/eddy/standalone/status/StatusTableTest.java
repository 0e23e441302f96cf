package dev.eddy.standalone.status;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import org.junit.jupiter.api.Test;

class StatusTableTest {
  private static final String REPORT =
      """
      {"nodes":[{"id":"0b7c2c4e-94f6","roles":["INDEX","QUERY"]}],
       "collections":[{"name":"words","log_bytes":3145728,"shards":[{"shard":0,"replicas":[
         {"node":"0b7c2c4e-94f6","read_set":"READING","state":"SERVING","position":7,"lag_records":2,
          "lag_ms":15,"points":5%s},
         {"node":"gone","read_set":"LEAVING","state":"UNREPORTED"}]}]}],
       "inbox":{"topic":"eddy.points","records":9,"lag_records":1,"dead_letters_end_offset":4,
         "declared_losses":0}}
      """;

  private static String table(String problem) throws Exception {
    return StatusTable.of((JsonObject) JsonCodec.parse(REPORT.formatted(problem).getBytes(UTF_8)));
  }

  @Test
  void aLinePerReplicaThenTheInboxAndTheNodes() throws Exception {
    assertThat(table("").lines())
        .containsExactly(
            "COLLECTION  SHARD  NODE      READ SET  STATE       POINTS  POSITION  LAG  LAG MS  LOG MIB",
            "words       0      0b7c2c4e  READING   SERVING     5       7         2    15      3.0",
            "words       0      gone      LEAVING   UNREPORTED  -       -         -    -       3.0",
            "",
            "Inbox eddy.points: 9 records, lag 1; dead letters up to offset 4; declared losses 0",
            "Node 0b7c2c4e: [\"INDEX\",\"QUERY\"]");
  }

  @Test
  void whatANodesShardsHoldIsSaidWithTheNode() throws Exception {
    String report =
        """
        {"nodes":[{"id":"n1","roles":["INDEX"],"memory":{"held_bytes":943718400,"limit_bytes":899000000,
          "full":true,"components":{"points":{"disk_bytes":0,"ram_bytes":104857600},
          "links":{"disk_bytes":9999999,"ram_bytes":1000},"vectors":{"disk_bytes":0,"ram_bytes":838860800}}}}]}
        """;
    assertThat(StatusTable.of((JsonObject) JsonCodec.parse(report.getBytes(UTF_8))))
        .contains(
            "Node n1: [\"INDEX\"]; shards hold 900 of 857 MiB heap, FULL: writes that add data are refused"
                + " (memory: vectors 800, points 100)");
  }

  @Test
  void whatAShardCannotDoIsSaidBelowTheTable() throws Exception {
    assertThat(table(",\"problem\":\"No space left on device\"").lines())
        .contains("Problem of words shard 0 on node 0b7c2c4e: No space left on device");
  }
}
