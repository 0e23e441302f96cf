package dev.eddy.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eddy.engine.kernel.ElementType;
import dev.eddy.engine.kernel.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What of stored rows and links is read, and when. */
final class StoredSlabsTest {
  /** A slab holds some hundred rows of so many numbers. */
  private static final int DIMENSION = 4_001;

  private static final int ROWS = 1_400;

  private final Random random = new Random(3);

  /** Says which rows were asked for. */
  private final class Files implements StoredRows {
    final byte[][] rows = new byte[ROWS][];
    final List<Integer> counts = new ArrayList<>();

    Files(ElementType type, HeapRows same) {
      float[] row = new float[DIMENSION];
      for (int i = 0; i < ROWS; i++) {
        for (int n = 0; n < DIMENSION; n++) {
          row[n] = random.nextInt(256);
        }
        rows[i] = new byte[DIMENSION * type.bytes()];
        type.encode(row, DIMENSION, rows[i], 0);
        same.append(row);
      }
    }

    @Override
    public int count() {
      return ROWS;
    }

    @Override
    public void read(int first, int count, Sink sink) {
      counts.add(count);
      for (int i = first; i < first + count; i++) {
        byte[] shifted = new byte[rows[i].length + 3];
        System.arraycopy(rows[i], 0, shifted, 3, rows[i].length);
        sink.take(i, 1, shifted, 3);
      }
    }
  }

  private static float[] scores(HeapRows rows, int[] ordinals) {
    float[] query = new float[rows.stride()];
    for (int i = 0; i < DIMENSION; i++) {
      query[i] = i % 7 - 3;
    }
    float[] scores = new float[ordinals.length + 3];
    rows.score(query, 0, ordinals, 0, ordinals.length, scores);
    return Arrays.copyOf(scores, ordinals.length);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void aWalkReadsRowsAndAScanSlabs(ElementType type) {
    for (Metric metric : Metric.values()) {
      HeapRows whole = HeapRows.of(metric, DIMENSION, type);
      Files files = new Files(type, whole);
      HeapRows rows = HeapRows.of(metric, DIMENSION, type);
      rows.restore(files);
      assertThat(files.counts).as("the last slab").hasSize(1);
      files.counts.clear();

      int[] scattered = {7, 3, 200, 11, 90, 1_399, 45};
      assertThat(scores(rows, scattered)).isEqualTo(scores(whole, scattered));
      assertThat(files.counts)
          .as("rows but the one of the last slab")
          .contains(1)
          .doesNotContain(2);
      assertThat(rows.touch(7)).isZero();
      assertThat(rows.isLoaded()).isFalse();
      files.counts.clear();

      int[] scanned = IntStream.range(0, 60).toArray();
      assertThat(scores(rows, scanned)).isEqualTo(scores(whole, scanned));
      assertThat(files.counts).containsExactly(rows.rowsPerSlab());

      float[] vector = new float[DIMENSION];
      Arrays.fill(vector, 123);
      rows.append(vector);
      whole.append(vector);
      rows.loadAll();
      assertThat(rows.isLoaded()).isTrue();
      files.counts.clear();
      int[] all = IntStream.rangeClosed(0, ROWS).toArray();
      assertThat(scores(rows, all)).isEqualTo(scores(whole, all));
      assertThat(files.counts).isEmpty();
      assertThat(rows.heapBytes()).isEqualTo(whole.heapBytes());
    }
  }

  /** Each node has the two behind it. */
  private static final class Ring implements StoredPlaces {
    static final int NODES = 5_000;
    final GraphParams params = new GraphParams(4, 32);
    final List<Integer> counts = new ArrayList<>();

    @Override
    public int count() {
      return NODES;
    }

    @Override
    public void read(int first, int count, int[] into) {
      counts.add(count);
      Arrays.fill(into, 0, count * params.m0(), FilledPlaces.EMPTY);
      for (int i = 0; i < count; i++) {
        into[i * params.m0()] = (first + i + 1) % NODES;
        into[i * params.m0() + 1] = (first + i + 2) % NODES;
        into[i * params.m0() + 2] = FilledPlaces.entry((first + i + 3) % NODES);
      }
    }
  }

  @Test
  void aWalkReadsLinksOfNodesAndAChangeTheirSlab() {
    Ring ring = new Ring();
    HeapLinks links = new HeapLinks(ring.params);
    links.restore(ring);
    assertThat(ring.counts).isEmpty();
    int[] found = new int[ring.params.m0()];
    assertThat(links.links(0, 4_321, found)).isEqualTo(2);
    assertThat(found).startsWith(4_322, 4_323);
    assertThat(ring.counts).containsExactly(1);
    links.places(4_999, found);
    assertThat(found).startsWith(0, 1, FilledPlaces.entry(2), FilledPlaces.EMPTY);

    ring.counts.clear();
    synchronized (HeapLinks.lockOf(10)) {
      assertThat(links.add(0, 10, 77)).isTrue();
    }
    assertThat(ring.counts).as("its slab").containsExactly(2_048);
    assertThat(links.links(0, 10, found)).isEqualTo(3);
    assertThat(found).startsWith(11, 12, 77);
    assertThat(links.links(0, 11, found)).isEqualTo(2);
    assertThat(ring.counts).hasSize(1);

    for (int part = 0; part < links.partCount(); part++) {
      links.load(part);
    }
    links.reserve(10_000);
    ring.counts.clear();
    for (int node = 0; node < Ring.NODES; node++) {
      assertThat(links.links(0, node, found)).isEqualTo(node == 10 ? 3 : 2);
    }
    assertThat(links.links(0, 9_999, found)).isZero();
    assertThat(ring.counts).isEmpty();
  }
}
