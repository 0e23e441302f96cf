package dev.eddy.model.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonBoolean;
import dev.eddy.model.json.JsonValue.JsonDouble;
import dev.eddy.model.json.JsonValue.JsonLong;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.JsonValue.JsonString;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonCodecTest {
  private static String roundTrip(String text) throws IOException {
    return JsonCodec.text(JsonCodec.parse(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void integersAndFloatsKeepTheirKind() throws IOException {
    assertThat(
            roundTrip(
                "[1,1.0,-0.0,1e3,9007199254740993,18446744073709551615,-9223372036854775808]"))
        .isEqualTo(
            "[1,1.0,-0.0,1000.0,9007199254740993,18446744073709551615,-9223372036854775808]");
  }

  @Test
  void integersBeyondUnsigned64BitsBecomeFloats() throws IOException {
    assertThat(roundTrip("18446744073709551616")).isEqualTo("1.8446744073709552E19");
  }

  @Test
  void theOrderOfKeysIsKeptAndARepeatedKeyKeepsItsLastValue() throws IOException {
    assertThat(roundTrip("{\"b\":1,\"a\":2,\"b\":3}")).isEqualTo("{\"b\":3,\"a\":2}");
  }

  @Test
  void refusesWhatIsNoJson() {
    for (String text : List.of("", "{", "[1,]", "nul", "1 2", "NaN", "1e400", "{\"a\":Infinity}")) {
      assertThatThrownBy(() -> roundTrip(text)).as(text).isInstanceOf(IOException.class);
    }
  }

  @Test
  void refusesNestingBeyondTheLimit() {
    String deep = "[".repeat(JsonCodec.DEPTH_MAX + 1) + "]".repeat(JsonCodec.DEPTH_MAX + 1);
    assertThatThrownBy(() -> roundTrip(deep)).isInstanceOf(IOException.class);
  }

  @Test
  void anyValueReadsBackEqual() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      JsonValue value = random(random, 4);
      assertThat(JsonCodec.parse(JsonCodec.write(value)))
          .as("seed %d step %d", seed, i)
          .isEqualTo(value);
    }
  }

  private static JsonValue random(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> JsonNull.NULL;
      case 1 -> new JsonBoolean(random.nextBoolean());
      case 2 -> new JsonLong(random.nextLong());
      case 3 -> new JsonDouble(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
      case 4 -> new JsonString(randomText(random));
      case 5 -> {
        List<JsonValue> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(random(random, depth - 1));
        }
        yield new JsonArray(elements);
      }
      default -> {
        Map<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.put(randomText(random), random(random, depth - 1));
        }
        yield new JsonObject(members);
      }
    };
  }

  private static String randomText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.appendCodePoint(
          new int[] {'a', '"', '\\', '\n', 0x1F, 0xE9, 0x4E2D, 0x1F600}[random.nextInt(8)]);
    }
    return text.toString();
  }
}
