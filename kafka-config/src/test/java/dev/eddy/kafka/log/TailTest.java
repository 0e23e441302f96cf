package dev.eddy.kafka.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class TailTest {
  private final RecordingSink sink = new RecordingSink();
  private final Tail tail = new Tail(new LogPartition(UUID.randomUUID(), "log", 0), 10, 3, sink);

  private static LogBatch batch(long from, long to, int epoch) {
    List<LogRecord> records =
        LongStream.range(from, to)
            .mapToObj(offset -> new LogRecord(offset, epoch, 0, new byte[1], List.of()))
            .toList();
    return new LogBatch(records, to, epoch);
  }

  @Test
  void twoReadersOfTheSameRecordsBringThemOnce() {
    assertThat(tail.offer(batch(10, 13, 3))).isTrue();
    assertThat(tail.offer(batch(10, 12, 3))).isTrue();
    assertThat(tail.offer(batch(11, 15, 4))).isTrue();
    assertThat(tail.offer(batch(15, 16, 4))).isTrue();
    assertThat(sink.records())
        .extracting(LogRecord::offset)
        .containsExactly(10L, 11L, 12L, 13L, 14L, 15L);
    assertThat(tail.position().offset()).isEqualTo(16);
    assertThat(tail.position().leaderEpoch()).hasValue(4);
  }

  @Test
  void aRefusedBatchMovesNothingAndIsNewLater() {
    sink.refuse(true);
    assertThat(tail.offer(batch(10, 12, 3))).isFalse();
    assertThat(tail.position().offset()).isEqualTo(10);
    sink.refuse(false);
    assertThat(tail.offer(batch(10, 14, 3))).isTrue();
    assertThat(tail.offer(batch(10, 12, 3))).isTrue();
    assertThat(sink.records()).extracting(LogRecord::offset).containsExactly(10L, 11L, 12L, 13L);
  }

  @Test
  void aBatchWithoutRecordsMovesThePosition() {
    assertThat(tail.offer(new LogBatch(List.of(), 12, 3))).isTrue();
    assertThat(sink.position()).isEqualTo(12);
    assertThat(tail.offer(batch(10, 12, 3))).isTrue();
    assertThat(sink.records()).isEmpty();
  }

  @Test
  void onceCancelledNothingReachesTheSink() {
    assertThat(tail.cancel()).isTrue();
    assertThat(tail.cancel()).isFalse();
    assertThat(tail.offer(batch(10, 12, 3))).isTrue();
    assertThat(sink.records()).isEmpty();
    assertThat(sink.position()).isEqualTo(-1);
  }
}
