package dev.eddy.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.kafka.log.LogHeader;
import dev.eddy.kafka.log.LogPartition;
import dev.eddy.kafka.log.LogRecord;
import dev.eddy.kafka.log.PointLogTailer;
import dev.eddy.kafka.log.PointLogWriter;
import dev.eddy.kafka.log.RecordTooLargeForLogException;
import dev.eddy.kafka.log.TopicGoneException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What every form of the point log must do; run against memory and against a broker. */
abstract class PointLogContract {
  abstract PointLogWriter writer();

  abstract PointLogTailer tailer();

  abstract List<LogPartition> createLog(int partitionCount);

  /** Uses up at least one offset without a record, and returns when it is done. */
  abstract void makeGap(LogPartition partition);

  abstract void deleteBefore(LogPartition partition, long offset);

  abstract void deleteTopic(LogPartition partition);

  private LogPartition log() {
    return createLog(1).getFirst();
  }

  private long append(LogPartition log, String value) throws Exception {
    return writer().append(log, value.getBytes(UTF_8)).get();
  }

  private static List<String> values(RecordingSink sink) {
    return sink.records().stream().map(record -> new String(record.value(), UTF_8)).toList();
  }

  @Test
  void recordsComeInOrderWithOffsetHeadersAndTime() throws Exception {
    LogPartition log = log();
    RecordingSink sink = new RecordingSink();
    tailer().assign(log, 0, -1, sink);
    long before = System.currentTimeMillis();
    List<CompletableFuture<Long>> appends = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      byte[] value = Integer.toString(i).getBytes(UTF_8);
      appends.add(
          writer()
              .append(log, value, List.of(new LogHeader("n", value), new LogHeader("n", value))));
    }
    for (int i = 0; i < 500; i++) {
      assertThat(appends.get(i).get()).isEqualTo(i);
    }
    Await.until("all read", () -> sink.position() == 500);
    assertThat(sink.records())
        .extracting(LogRecord::offset)
        .containsExactlyElementsOf(LongStream.range(0, 500).boxed().toList());
    LogRecord last = sink.records().getLast();
    assertThat(last.headers()).extracting(LogHeader::name).containsExactly("n", "n");
    assertThat(new String(last.headers().getLast().value(), UTF_8)).isEqualTo("499");
    assertThat(last.timestampMs()).isGreaterThanOrEqualTo(before);
    assertThat(last.leaderEpoch()).isNotNegative();
  }

  @Test
  void aGapMovesThePosition() throws Exception {
    LogPartition log = log();
    append(log, "a");
    makeGap(log);
    RecordingSink sink = new RecordingSink();
    tailer().assign(log, 0, -1, sink);
    long end = tailer().endOffset(log).get();
    assertThat(end).isGreaterThan(1);
    Await.until("position reaches the end", () -> sink.position() == end);
    assertThat(values(sink)).containsExactly("a");
    assertThat(append(log, "b")).isEqualTo(end);
    Await.until("the next record", () -> values(sink).equals(List.of("a", "b")));
  }

  @Test
  void readingGoesOnFromAKeptPositionAndEpoch() throws Exception {
    LogPartition log = log();
    append(log, "a");
    append(log, "b");
    RecordingSink first = new RecordingSink();
    tailer().assign(log, 0, -1, first);
    Await.until("read", () -> first.position() == 2);
    tailer().unassign(log).get();
    append(log, "c");
    RecordingSink second = new RecordingSink();
    tailer().assign(log, first.position(), first.leaderEpoch(), second);
    Await.until("the rest", () -> second.position() == 3);
    assertThat(values(second)).containsExactly("c");
    assertThat(values(first)).containsExactly("a", "b");
  }

  @Test
  void aRefusedBatchIsOfferedAgainAndOthersGoOn() throws Exception {
    List<LogPartition> logs = createLog(2);
    RecordingSink slow = new RecordingSink();
    RecordingSink quick = new RecordingSink();
    slow.refuse(true);
    tailer().assign(logs.get(0), 0, -1, slow);
    tailer().assign(logs.get(1), 0, -1, quick);
    for (int i = 0; i < 50; i++) {
      append(logs.get(0), "s" + i);
      append(logs.get(1), "q" + i);
    }
    Await.until("the quick one has all", () -> quick.position() == 50);
    Await.until("the slow one was asked more than once", () -> slow.refusals() > 2);
    assertThat(slow.records()).isEmpty();
    slow.refuse(false);
    Await.until("the slow one has all", () -> slow.position() == 50);
    assertThat(slow.records())
        .extracting(LogRecord::offset)
        .containsExactlyElementsOf(LongStream.range(0, 50).boxed().toList());
  }

  @Test
  void anUnassignedSinkIsNotCalledAnyMore() throws Exception {
    LogPartition log = log();
    RecordingSink sink = new RecordingSink();
    tailer().assign(log, 0, -1, sink);
    assertThatThrownBy(() -> tailer().assign(log, 0, -1, sink))
        .isInstanceOf(IllegalStateException.class);
    append(log, "a");
    Await.until("read", () -> sink.position() == 1);
    tailer().unassign(log).get();
    append(log, "b");
    RecordingSink other = new RecordingSink();
    tailer().assign(log, 0, -1, other);
    Await.until("read by the other", () -> other.position() == 2);
    assertThat(values(sink)).containsExactly("a");
  }

  @Test
  void trimmedAndFuturePositionsAreReportedNotReset() throws Exception {
    LogPartition log = log();
    for (int i = 0; i < 5; i++) {
      append(log, "v" + i);
    }
    deleteBefore(log, 3);
    RecordingSink trimmed = new RecordingSink();
    tailer().assign(log, 2, -1, trimmed);
    Await.until("reported", () -> !trimmed.events().isEmpty());
    assertThat(trimmed.events()).containsExactly("out of range at 2");
    RecordingSink future = new RecordingSink();
    tailer().assign(log, 9, -1, future);
    Await.until("reported", () -> !future.events().isEmpty());
    assertThat(future.events()).containsExactly("out of range at 9");
    RecordingSink fits = new RecordingSink();
    tailer().assign(log, 3, -1, fits);
    Await.until("read", () -> fits.position() == 5);
    assertThat(values(fits)).containsExactly("v3", "v4");
  }

  @Test
  void aPositionBehindTheEndOfItsEpochIsATruncation() throws Exception {
    LogPartition log = log();
    append(log, "a");
    RecordingSink first = new RecordingSink();
    tailer().assign(log, 0, -1, first);
    Await.until("read", () -> first.position() == 1);
    tailer().unassign(log).get();
    RecordingSink beyond = new RecordingSink();
    tailer().assign(log, 4, first.leaderEpoch(), beyond);
    Await.until("reported", () -> !beyond.events().isEmpty());
    assertThat(beyond.events()).containsExactly("truncated at 1");
  }

  @Test
  void aDeletedLogIsGoneForWriterAndReader() throws Exception {
    LogPartition log = log();
    RecordingSink sink = new RecordingSink();
    tailer().assign(log, 0, -1, sink);
    append(log, "a");
    deleteTopic(log);
    Await.until(
        "appends fail as gone",
        () ->
            writer().append(log, new byte[1]).handle((offset, failure) -> failure).get()
                instanceof TopicGoneException);
    Await.until("reported", () -> sink.events().equals(List.of("gone")));
  }

  @Test
  void aLogDeclaredDroppedTakesNothingMore() throws Exception {
    LogPartition log = log();
    append(log, "a");
    writer().logDropped(log.topicId());
    assertThatThrownBy(() -> append(log, "b")).hasCauseInstanceOf(TopicGoneException.class);
  }

  @Test
  void aRecordAboveTheLimitIsRefusedBeforeSending() throws Exception {
    LogPartition log = log();
    assertThatThrownBy(() -> writer().append(log, new byte[16 << 20]).get())
        .hasCauseInstanceOf(RecordTooLargeForLogException.class)
        .hasMessageContaining("16777216");
    assertThat(tailer().endOffset(log).get()).isZero();
  }

  @Test
  void theCachedEndFollowsTheLog() throws Exception {
    LogPartition log = log();
    assertThat(tailer().cachedEndOffset(log)).isEmpty();
    RecordingSink sink = new RecordingSink();
    tailer().assign(log, 0, -1, sink);
    append(log, "a");
    append(log, "b");
    Await.until("end known", () -> tailer().cachedEndOffset(log).orElse(-1) == 2);
  }
}
