package dev.eddy.proto.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.point.Point;
import dev.eddy.model.update.Update;
import dev.eddy.proto.RandomModel;
import dev.eddy.proto.UnknownRecordException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LogRecordCodecPropertyTest {
  private static final int ROUNDS = 2_400;

  @Test
  void everyUpdateComesBackEqualAndHasTheSizeThatWasForetold() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      Update update = new RandomModel(new Random(seed)).update(seed);
      byte[] bytes = LogRecordCodec.encode(update);
      assertThat(LogRecordCodec.encodedSize(update)).as("seed %d", seed).isEqualTo(bytes.length);
      assertThat(LogRecordCodec.decode(bytes)).as("seed %d", seed).isEqualTo(update);
    }
  }

  @Test
  void whatIsWrittenByHandIsWhatTheMessagesWrite() throws Exception {
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] bytes = LogRecordCodec.encode(new RandomModel(new Random(seed)).update(seed));
      LogRecord message = LogRecord.parseFrom(bytes);
      assertThat(message.getFormat()).isEqualTo(LogRecordCodec.FORMAT);
      assertThat(message.toByteArray()).as("seed %d", seed).isEqualTo(bytes);
    }
  }

  @Test
  void aBundleGrowsByTheSizeOfEachElement() {
    for (int seed = 0; seed < 200; seed++) {
      RandomModel model = new RandomModel(new Random(seed));
      List<Point> points = List.of(model.point(), model.point(), model.point());
      int body = points.stream().mapToInt(LogRecordCodec::sizeInBundle).sum();
      int whole = LogRecordCodec.encodedSize(new Update.Upsert(points));
      assertThat(whole).as("seed %d", seed).isBetween(body + 4, body + 8);
    }
  }

  @Test
  void aRecordWithAnyByteChangedIsReadOrRefusedButNeverFailsOtherwise() {
    Random random = new Random(7);
    for (int seed = 0; seed < ROUNDS; seed++) {
      byte[] bytes = LogRecordCodec.encode(new RandomModel(new Random(seed)).update(seed));
      byte[] broken = bytes.clone();
      broken[random.nextInt(broken.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertThat(LogRecordCodec.decode(broken)).isNotNull();
      } catch (UnknownRecordException expected) {
        assertThat(expected).hasMessageStartingWith("log record");
      }
    }
  }

  @Test
  void aRecordThatEndsTooEarlyIsRefused() {
    for (int seed = 0; seed < 12; seed++) {
      byte[] bytes = LogRecordCodec.encode(new RandomModel(new Random(seed)).update(seed));
      byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);
      assertThatThrownBy(() -> LogRecordCodec.decode(cut))
          .isInstanceOf(UnknownRecordException.class);
    }
  }
}
