package dev.eddy.engine.points;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Payload;
import dev.eddy.model.point.PayloadSelector;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PayloadEditorTest {
  private static JsonObject object(String json) {
    return (JsonObject) JsonCodec.parseTrusted(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String set(String payload, String change, @Nullable String key) {
    return JsonCodec.text(
        PayloadEditor.set(
            object(payload), object(change), key == null ? null : KeyPath.parse(key)));
  }

  private static String delete(String payload, String... keys) {
    return JsonCodec.text(
        PayloadEditor.delete(object(payload), Arrays.stream(keys).map(KeyPath::parse).toList()));
  }

  @Test
  void setMergesTopLevelKeysOnly() {
    assertThat(set("{\"a\":{\"x\":1},\"b\":2}", "{\"a\":{\"y\":3}}", null))
        .isEqualTo("{\"a\":{\"y\":3},\"b\":2}");
  }

  @Test
  void nullRemovesUnlessThePayloadWasEmpty() {
    assertThat(set("{\"a\":1,\"b\":2}", "{\"a\":null,\"c\":null}", null)).isEqualTo("{\"b\":2}");
    assertThat(set("{}", "{\"a\":null}", null)).isEqualTo("{\"a\":null}");
    assertThat(set("{\"o\":{\"a\":1,\"b\":2}}", "{\"a\":null}", "o"))
        .isEqualTo("{\"o\":{\"b\":2}}");
  }

  @Test
  void aKeyNamesThePlaceAndMakesIt() {
    assertThat(set("{}", "{\"x\":1}", "a.b")).isEqualTo("{\"a\":{\"b\":{\"x\":1}}}");
    assertThat(set("{\"a\":5}", "{\"x\":1}", "a.b")).isEqualTo("{\"a\":{\"b\":{\"x\":1}}}");
    assertThat(set("{\"a\":[{\"y\":0},3]}", "{\"x\":1}", "a[]"))
        .isEqualTo("{\"a\":[{\"y\":0,\"x\":1},{\"x\":1}]}");
    assertThat(set("{\"a\":[{\"y\":0}]}", "{\"x\":1}", "a[0].z"))
        .isEqualTo("{\"a\":[{\"y\":0,\"z\":{\"x\":1}}]}");
    assertThat(set("{\"a\":[1]}", "{\"x\":1}", "a[3]")).isEqualTo("{\"a\":[1]}");
    assertThat(set("{\"a\":5}", "{\"x\":1}", "a[]")).isEqualTo("{\"a\":[]}");
  }

  @Test
  void deleteTakesPathsButNoSingleElement() {
    assertThat(delete("{\"a\":{\"b\":1,\"c\":2}}", "a.b")).isEqualTo("{\"a\":{\"c\":2}}");
    assertThat(delete("{\"a\":[{\"b\":1},{\"c\":2}]}", "a[].b"))
        .isEqualTo("{\"a\":[{},{\"c\":2}]}");
    assertThat(delete("{\"a\":[1,2]}", "a[0]")).isEqualTo("{\"a\":[1,2]}");
    assertThat(delete("{\"a\":[1,2]}", "a[]")).isEqualTo("{\"a\":[]}");
    assertThat(delete("{\"a\":1,\"b\":2}", "a", "nobody", "b.c")).isEqualTo("{\"b\":2}");
  }

  private static String select(String payload, PayloadSelector selector) {
    Payload whole = Payload.of(object(payload));
    return Objects.toString(PayloadProjection.select(whole, selector));
  }

  private static List<KeyPath> paths(String... texts) {
    return Arrays.stream(texts).map(KeyPath::parse).toList();
  }

  @Test
  void includeKeepsTheStructure() {
    String payload = "{\"a\":{\"b\":1,\"c\":2},\"l\":[{\"x\":1,\"y\":2},{\"y\":3}],\"z\":0}";
    assertThat(select(payload, new PayloadSelector.Include(paths("a.b"))))
        .isEqualTo("{\"a\":{\"b\":1}}");
    assertThat(select(payload, new PayloadSelector.Include(paths("l[].x", "z"))))
        .isEqualTo("{\"l\":[{\"x\":1},{}],\"z\":0}");
    assertThat(select(payload, new PayloadSelector.Include(paths("a"))))
        .isEqualTo("{\"a\":{\"b\":1,\"c\":2}}");
    assertThat(select(payload, new PayloadSelector.Include(paths("nobody")))).isEqualTo("{}");
  }

  @Test
  void includeKeepsWhatIsOnTheWay() {
    PayloadSelector through = new PayloadSelector.Include(paths("a[].b"));
    assertThat(select("{\"a\":[{\"b\":1},{\"c\":2},3,[{\"b\":1}]]}", through))
        .isEqualTo("{\"a\":[{\"b\":1},{},3,[]]}");
    assertThat(select("{\"a\":{\"b\":1}}", through)).isEqualTo("{\"a\":{}}");
    assertThat(select("{\"a\":null,\"z\":1}", through)).isEqualTo("{\"a\":null}");
    PayloadSelector key = new PayloadSelector.Include(paths("a.b"));
    assertThat(select("{\"a\":[{\"b\":1},3]}", key)).isEqualTo("{\"a\":[]}");
    assertThat(select("{\"a\":5}", key)).isEqualTo("{\"a\":5}");
  }

  @Test
  void includeOfNothingIsNothing() {
    assertThat(select("{\"a\":1}", new PayloadSelector.Include(paths()))).isEqualTo("{}");
  }

  @Test
  void excludeDropsWhatIsBelow() {
    String payload = "{\"a\":{\"b\":1,\"c\":2},\"l\":[{\"x\":1,\"y\":2},{\"y\":3}]}";
    assertThat(select(payload, new PayloadSelector.Exclude(paths("a.b", "l[].y"))))
        .isEqualTo("{\"a\":{\"c\":2},\"l\":[{\"x\":1},{}]}");
    assertThat(select(payload, new PayloadSelector.Exclude(paths("a", "l")))).isEqualTo("{}");
    assertThat(select(payload, PayloadSelector.None.NONE)).isEqualTo("null");
  }
}
