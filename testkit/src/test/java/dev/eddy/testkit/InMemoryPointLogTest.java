package dev.eddy.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.log.AppendOutcomeUnknownException;
import dev.eddy.kafka.log.LogBusyException;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.kafka.log.PointLogWriter;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InMemoryPointLogTest extends PointLogContract {
  private final InMemoryPointLog log = InMemoryPointLog.threaded();

  @AfterEach
  void close() {
    log.close();
  }

  @Override
  PointLogWriter writer() {
    return log;
  }

  @Override
  PointLogTailer tailer() {
    return log;
  }

  @Override
  List<LogPartition> createLog(int partitionCount) {
    return log.createTopic("log", partitionCount);
  }

  @Override
  void makeGap(LogPartition partition) {
    log.skipOffsets(partition, 2);
  }

  @Override
  void deleteBefore(LogPartition partition, long offset) {
    log.deleteBefore(partition, offset);
  }

  @Override
  void deleteTopic(LogPartition partition) {
    log.deleteTopic(partition.topicId());
  }

  @Test
  void theManualFormDeliversOnlyWhenTold() throws Exception {
    try (InMemoryPointLog manual = InMemoryPointLog.manual(new ManualClock())) {
      LogPartition partition = manual.createTopic("log", 1).getFirst();
      RecordingSink sink = new RecordingSink();
      manual.assign(partition, 0, -1, sink);
      manual.batchRecordsMax(2);
      for (int i = 0; i < 3; i++) {
        manual.append(partition, new byte[1]).get();
      }
      assertThat(sink.position()).isEqualTo(-1);
      assertThat(manual.deliver()).isTrue();
      assertThat(sink.position()).isEqualTo(2);
      manual.deliverAll();
      assertThat(sink.position()).isEqualTo(3);
      assertThat(manual.deliver()).isFalse();
    }
  }

  @Test
  void faultsHitTheNextAppendsInOrder() throws Exception {
    LogPartition partition = log.createTopic("log", 1).getFirst();
    log.failNext(
        InMemoryPointLog.Fault.BUSY,
        InMemoryPointLog.Fault.UNKNOWN_NOT_APPENDED,
        InMemoryPointLog.Fault.UNKNOWN_APPENDED);
    assertThatThrownBy(() -> log.append(partition, new byte[1]).get())
        .hasCauseInstanceOf(LogBusyException.class);
    assertThatThrownBy(() -> log.append(partition, new byte[1]).get())
        .hasCauseInstanceOf(AppendOutcomeUnknownException.class);
    assertThat(log.endOffset(partition).get()).isZero();
    assertThatThrownBy(() -> log.append(partition, new byte[1]).get())
        .hasCauseInstanceOf(AppendOutcomeUnknownException.class);
    assertThat(log.endOffset(partition).get()).isEqualTo(1);
  }

  @Test
  void aTruncatedLogIsReportedToAReaderThatWasAhead() throws Exception {
    LogPartition partition = log.createTopic("log", 1).getFirst();
    RecordingSink sink = new RecordingSink();
    log.assign(partition, 0, -1, sink);
    for (int i = 0; i < 3; i++) {
      log.append(partition, new byte[1]).get();
    }
    Await.until("read", () -> sink.position() == 3);
    log.truncate(partition, 1);
    Await.until("reported", () -> sink.events().equals(List.of("truncated at 1")));
  }

  @Test
  void aCleanChangeOfLeaderLosesNothing() throws Exception {
    LogPartition partition = log.createTopic("log", 1).getFirst();
    RecordingSink sink = new RecordingSink();
    log.assign(partition, 0, -1, sink);
    log.append(partition, new byte[1]).get();
    Await.until("read", () -> sink.position() == 1);
    log.electLeader(partition);
    log.append(partition, new byte[1]).get();
    Await.until("read on", () -> sink.position() == 2);
    assertThat(sink.leaderEpoch()).isEqualTo(1);
    assertThat(sink.events()).isEmpty();
  }
}
