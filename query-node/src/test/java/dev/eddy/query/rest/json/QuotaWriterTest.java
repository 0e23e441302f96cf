package dev.eddy.query.rest.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.cluster.NodeReport.QuotaReport;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.query.quota.NodeUse;
import dev.eddy.query.service.QuotaStatus;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class QuotaWriterTest {
  private static String written(SortedMap<Long, QuotaReport> peers) {
    QuotaStatus status =
        new QuotaStatus(new QuotaConfig(true, 80, null, null), new NodeUse(12, null), peers);
    byte[] json = AnswerWriter.bare(generator -> QuotaWriter.status(generator, status));
    return new String(json, StandardCharsets.UTF_8).replace('"', '\'');
  }

  @Test
  void peersAreLeftOutWhereThereAreNone() {
    assertThat(written(new TreeMap<>()))
        .isEqualTo(
            "{'config':{'enabled':true,'max_resident_memory_percent':80},"
                + "'usage':{'resident_memory_percent':12,'disk_usage_percent':null}}");
  }

  @Test
  void peersAreNamedByTheirNumbers() {
    SortedMap<Long, QuotaReport> peers = new TreeMap<>();
    peers.put(9L, new QuotaReport(true, 85, null));
    peers.put(7L, new QuotaReport(false, 12, 3));
    assertThat(written(peers))
        .endsWith(
            ",'peers':{'7':{'exceeded':false,'resident_memory_percent':12,"
                + "'disk_usage_percent':3},"
                + "'9':{'exceeded':true,'resident_memory_percent':85,"
                + "'disk_usage_percent':null}}}");
  }
}
