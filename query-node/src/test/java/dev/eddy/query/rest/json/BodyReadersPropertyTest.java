package dev.eddy.query.rest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever a client sends, a reader gives a value or an {@code EddyException}, nothing else. */
class BodyReadersPropertyTest {
  private static final Set<ErrorCode> EXPECTED =
      Set.of(
          ErrorCode.MALFORMED_BODY,
          ErrorCode.VALIDATION,
          ErrorCode.BAD_REQUEST,
          ErrorCode.NOT_IMPLEMENTED);

  private static final List<JsonBody.Reader<?>> READERS =
      List.of(
          UpsertReader::read,
          UpsertReader::readVectors,
          UpdateReader::delete,
          UpdateReader::deleteVectors,
          UpdateReader::setPayload,
          UpdateReader::deletePayload,
          UpdateReader::operations,
          QueryReader::query,
          QueryReader::search,
          body -> QueryReader.batch(body, QueryReader::query),
          ScrollReader::scroll,
          ScrollReader::retrieve,
          ScrollReader::count,
          CollectionSpecReader::read,
          CollectionChangeReader::read,
          AliasActionsReader::read);

  /** Words that the readers know, so that chance gets somewhere. */
  private static final String[] FIELDS = {
    "points",
    "batch",
    "ids",
    "vectors",
    "vector",
    "payload",
    "payloads",
    "id",
    "filter",
    "must",
    "should",
    "must_not",
    "min_should",
    "conditions",
    "min_count",
    "key",
    "match",
    "value",
    "any",
    "range",
    "gt",
    "lte",
    "geo_radius",
    "center",
    "lon",
    "lat",
    "radius",
    "geo_polygon",
    "exterior",
    "is_empty",
    "is_null",
    "has_id",
    "has_vector",
    "slice",
    "total",
    "index",
    "nested",
    "query",
    "nearest",
    "using",
    "limit",
    "offset",
    "params",
    "hnsw_ef",
    "exact",
    "score_threshold",
    "with_payload",
    "with_vector",
    "include",
    "searches",
    "operations",
    "upsert",
    "delete",
    "set_payload",
    "keys",
    "size",
    "distance",
    "hnsw_config",
    "m",
    "optimizers_config",
    "shard_number",
    "metadata",
    "actions",
    "create_alias",
    "alias_name",
    "quantization",
    "name",
    "wal_config",
    "indices",
    "values",
    "text",
    "strict_mode_config",
    "memory",
    "x"
  };

  private static final String[] SCALARS = {
    "0",
    "1",
    "-1",
    "1.5",
    "1e39",
    "18446744073709551615",
    "18446744073709551616",
    "-1e400",
    "true",
    "false",
    "null",
    "\"\"",
    "\"a.b\"",
    "\"a..b\"",
    "\"Dot\"",
    "\"2024-01-01\"",
    "\"\\ud800\"",
    "\"550e8400-e29b-41d4-a716-446655440000\"",
    "[]",
    "{}",
    "[1,2]",
    "[[1]]",
    "\"pinned\""
  };

  private final Random random = new Random();

  private String json(int depth) {
    int kind = random.nextInt(depth > 6 ? 2 : 8);
    if (kind < 2) {
      return SCALARS[random.nextInt(SCALARS.length)];
    }
    int count = random.nextInt(4);
    StringBuilder text = new StringBuilder(kind < 4 ? "[" : "{");
    for (int i = 0; i < count; i++) {
      text.append(i == 0 ? "" : ",");
      if (kind >= 4) {
        text.append('"').append(FIELDS[random.nextInt(FIELDS.length)]).append("\":");
      }
      text.append(json(depth + 1));
    }
    return text.append(kind < 4 ? "]" : "}").toString();
  }

  private static boolean isAccepted(JsonBody.Reader<?> reader, String json, long seed) {
    try {
      JsonBody.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)), "", reader);
      return true;
    } catch (EddyException e) {
      assertThat(EXPECTED).as("%s of %s, seed %d", e.text(), json, seed).contains(e.code());
      return false;
    } catch (IOException | RuntimeException e) {
      return fail("seed %d: %s of %s".formatted(seed, e, json), e);
    }
  }

  @Test
  void randomJsonIsReadOrRefused() {
    int accepted = 0;
    for (long seed = 1; seed <= 60_000; seed++) {
      random.setSeed(seed);
      JsonBody.Reader<?> reader = READERS.get((int) (seed % READERS.size()));
      accepted += isAccepted(reader, json(0), seed) ? 1 : 0;
    }
    assertThat(accepted).isGreaterThan(1_000);
  }

  @Test
  void brokenJsonIsReadOrRefused() {
    String whole =
        "{\"points\":[{\"id\":1,\"vector\":{\"a\":[1.5,-2e3]},\"payload\":{\"k\":\"\u00e9\"}}]}";
    for (long seed = 1; seed <= 20_000; seed++) {
      random.setSeed(seed);
      StringBuilder broken = new StringBuilder(whole);
      for (int i = 0; i <= random.nextInt(3); i++) {
        int at = random.nextInt(broken.length());
        broken.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 0xD7FF));
      }
      isAccepted(UpsertReader::read, broken.substring(0, random.nextInt(broken.length())), seed);
      isAccepted(UpsertReader::read, broken.toString(), seed);
    }
    assertThat(isAccepted(UpsertReader::read, whole, 0)).isTrue();
  }

  @Test
  void deepNestingIsRefused() {
    String open = "{\"filter\":" + "{\"must\":".repeat(5_000);
    assertThat(isAccepted(QueryReader::query, open + "1" + "}".repeat(5_001), 0)).isFalse();
  }

  @Test
  void aListOfIdsHasALimit() {
    String ids = "1,".repeat(PointIdReader.IDS_MAX);
    assertThat(isAccepted(ScrollReader::retrieve, "{\"ids\":[" + ids + "1]}", 0)).isFalse();
  }
}
