package dev.eddy.engine.shard;

import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Datatype;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.collection.HnswConfig;
import dev.eddy.model.collection.HnswDiff;
import dev.eddy.model.collection.MultiVectorComparator;
import dev.eddy.model.collection.OptimizersConfig;
import dev.eddy.model.collection.Quantization;
import dev.eddy.model.collection.SparseVectorParams;
import dev.eddy.model.collection.VectorParams;
import dev.eddy.model.collection.WalConfig;
import dev.eddy.model.point.Vector;
import dev.eddy.model.update.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A seeded collection of any settings that an oracle can follow, which are changed while it is in
 * use, and vectors that fit it. Graphs, codes and sealed segments come with few vectors already.
 * Rounding to four bits is left out: that is the engine's own.
 */
final class RandomSchema {
  static final List<String> KEYS = List.of("k0", "k1", "k2");

  private static final List<String> DENSE = List.of("", "a", "b", "c", "d", "e");
  private static final List<String> SPARSE = List.of("s", "t");

  /** Of which vectors have few whole numbers: many are equal, and all sums are exact. */
  private static final Set<String> WHOLE = Set.of("", "b", "d", "s", "t");

  private static final int ROWS_MAX = 4;
  private static final int UINT8_RANGE = 300;

  private final Random random;
  private final int[] dimensions;
  private CollectionSpec spec;
  private long metaNumber = 10;

  /** What may be changed of a collection, before it is made into one. */
  private static final class Parts {
    final Map<String, VectorParams> dense;
    final Map<String, SparseVectorParams> sparse;
    final Map<String, FieldIndex> indexes;
    HnswConfig hnsw;
    OptimizersConfig optimizers;
    @Nullable Quantization quantization;

    Parts(CollectionSpec spec) {
      dense = new TreeMap<>(spec.vectors());
      sparse = new TreeMap<>(spec.sparseVectors());
      indexes = new TreeMap<>(spec.payloadIndexes());
      hnsw = spec.hnsw();
      optimizers = spec.optimizers();
      quantization = spec.quantization();
    }

    CollectionSpec spec() {
      return new CollectionSpec(
          dense,
          1,
          1,
          1,
          null,
          null,
          true,
          null,
          hnsw,
          optimizers,
          WalConfig.DEFAULT,
          null,
          indexes,
          null,
          sparse,
          quantization);
    }
  }

  /**
   * @param dimensions of which each dense vector has one
   */
  RandomSchema(Random random, int... dimensions) {
    this.random = random;
    this.dimensions = dimensions;
    Parts parts = new Parts(ShardChecks.graphsFrom(1, CollectionSpec.of(Map.of())));
    parts.hnsw = hnsw();
    parts.quantization = random.nextBoolean() ? quantization() : null;
    DENSE.forEach(name -> {
      if (random.nextInt(3) > 0) {
        parts.dense.put(name, params());
      }
    });
    parts.dense.putIfAbsent(DENSE.getFirst(), params());
    SPARSE.forEach(name -> {
      if (random.nextInt(3) > 0) {
        parts.sparse.put(name, sparseParams());
      }
    });
    KEYS.forEach(key -> {
      if (random.nextInt(3) > 0) {
        parts.indexes.put(key, index());
      }
    });
    this.spec = parts.spec();
  }

  CollectionSpec spec() {
    return spec;
  }

  long metaNumber() {
    return metaNumber;
  }

  private boolean oneIn(int count) {
    return random.nextInt(count) == 0;
  }

  @SafeVarargs
  private <T> T one(T... of) {
    return of[random.nextInt(of.length)];
  }

  /**
   * One of these or null.
   *
   * @param nulls how often null is among what is chosen from
   */
  @SafeVarargs
  private <T> @Nullable T maybe(int nulls, T... of) {
    int chosen = random.nextInt(nulls + of.length);
    return chosen < nulls ? null : of[chosen - nulls];
  }

  private VectorParams params() {
    return new VectorParams(
        dimensions[random.nextInt(dimensions.length)],
        oneIn(8) ? Distance.MANHATTAN : one(Distance.COSINE, Distance.EUCLID, Distance.DOT),
        random.nextBoolean() ? hnswDiff() : null,
        maybe(1, true, false),
        maybe(3, "cold", "cached"),
        maybe(1, "float32", "float16", "uint8"),
        oneIn(4) ? MultiVectorComparator.MAX_SIM : null,
        random.nextBoolean() ? quantization() : null);
  }

  private HnswConfig hnsw() {
    return HnswConfig.DEFAULT
        .with(new HnswDiff(8, 40, null, null, null, null, null, null))
        .with(hnswDiff());
  }

  /** At times without a graph, at times with all compared where there is one. */
  private HnswDiff hnswDiff() {
    return new HnswDiff(
        oneIn(16) ? Integer.valueOf(0) : maybe(1, 4, 6, 8, 12),
        maybe(1, 4, 20, 40, 64),
        oneIn(16) ? Integer.valueOf(10_001) : maybe(1, 0, 1, 4),
        maybe(1, 1),
        maybe(1, true),
        null,
        null,
        maybe(2, true, false));
  }

  /** Mostly with graphs of few rows. */
  private OptimizersConfig optimizers() {
    return OptimizersConfig.DEFAULT.with(
        new OptimizersConfig.Diff(
            null, null, null, null, null, one(0, 1, 1, 2, 4, 20_000), null, null, null));
  }

  private Quantization quantization() {
    Boolean alwaysRam = maybe(1, true, false);
    return switch (random.nextInt(4)) {
      case 0 -> new Quantization.Scalar(null, alwaysRam, null);
      case 1 -> new Quantization.Product(one(Quantization.Compression.values()), alwaysRam, null);
      case 2 ->
          new Quantization.Binary(
              one(Quantization.Encoding.values()), null, alwaysRam, maybe(1, "pinned"));
      default -> new Quantization.Turbo(one(Quantization.Bits.values()), alwaysRam, null);
    };
  }

  private SparseVectorParams sparseParams() {
    return new SparseVectorParams(
        new SparseVectorParams.Index(null, maybe(1, true, false), maybe(1, "cold", "pinned"), null),
        maybe(1, SparseVectorParams.Modifier.IDF));
  }

  /** Filters say the same of these with and without. */
  private FieldIndex index() {
    FieldIndex.Type type =
        one(
            FieldIndex.Type.KEYWORD,
            FieldIndex.Type.INTEGER,
            FieldIndex.Type.FLOAT,
            FieldIndex.Type.BOOL);
    Boolean isTenant = (type == FieldIndex.Type.KEYWORD && oneIn(4)) ? Boolean.TRUE : null;
    return new FieldIndex(
        type, false, maybe(1, true, false), null, null, isTenant, null, null, null, null, null);
  }

  Update.Configure change() {
    Parts parts = new Parts(spec);
    for (int i = random.nextInt(2); i >= 0; i--) {
      change(parts);
    }
    if (!oneIn(10)) {
      spec = parts.spec();
      metaNumber++;
      return new Update.Configure(spec, metaNumber);
    }
    // One that was overtaken, and has no effect.
    return new Update.Configure(parts.spec(), metaNumber - random.nextInt(3));
  }

  private void change(Parts parts) {
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        String key = KEYS.get(random.nextInt(KEYS.size()));
        if (parts.indexes.remove(key) == null || random.nextBoolean()) {
          parts.indexes.put(key, index());
        }
      }
      case 3 -> parts.hnsw = hnsw();
      case 4 -> parts.quantization = random.nextBoolean() ? quantization() : null;
      case 5 -> parts.optimizers = optimizers();
      case 6 -> {
        String name = SPARSE.get(random.nextInt(SPARSE.size()));
        if (parts.sparse.remove(name) == null || !oneIn(4)) {
          parts.sparse.put(name, sparseParams());
        }
      }
      case 7 -> {
        String name = DENSE.get(random.nextInt(DENSE.size()));
        if (!parts.dense.containsKey(name) || oneIn(4)) {
          parts.dense.put(name, params());
        } else if (parts.dense.size() > 1 && oneIn(3)) {
          parts.dense.remove(name);
        }
      }
      default -> {
        String name = one(parts.dense.keySet().toArray(String[]::new));
        parts.dense.computeIfPresent(name, (same, params) -> keptOtherwise(params));
      }
    }
  }

  /** The same vectors in another form. */
  private VectorParams keptOtherwise(VectorParams params) {
    VectorParams other = params();
    boolean isOther = random.nextBoolean();
    return new VectorParams(
        params.size(),
        params.distance(),
        isOther ? other.hnsw() : params.hnsw(),
        random.nextBoolean() ? other.onDisk() : params.onDisk(),
        params.memory(),
        params.datatype(),
        params.multivector(),
        isOther ? params.quantization() : other.quantization());
  }

  /** A name of the collection, seldom one that it might have. */
  String name() {
    List<String> names = new ArrayList<>(spec.vectorNames());
    return oneIn(40)
        ? DENSE.get(random.nextInt(DENSE.size()))
        : names.get(random.nextInt(names.size()));
  }

  /** Whether scores in this name add up exactly, in any order. */
  boolean isExact(String name) {
    VectorParams params = spec.vectors().get(name);
    return params == null
        || (params.distance() != Distance.COSINE
            && (params.type() == Datatype.UINT8 || WHOLE.contains(name)));
  }

  /** A vector that fits the name, as a point may have it. */
  Vector vector(String name) {
    VectorParams params = spec.vectors().get(name);
    if (params == null) {
      return sparse();
    }
    if (params.multivector() == null || oneIn(5)) {
      return new Vector.Dense(row(name, params));
    }
    float[][] rows = new float[1 + random.nextInt(ROWS_MAX)][];
    for (int row = 0; row < rows.length; row++) {
      rows[row] = row(name, params);
    }
    return new Vector.Multi(rows);
  }

  /** A vector that does not fit the name, for its form or its dimension. */
  Vector misfit(String name) {
    VectorParams params = spec.vectors().get(name);
    return switch (random.nextInt(params == null ? 2 : 3)) {
      case 0 ->
          params == null || params.multivector() == null
              ? new Vector.Multi(new float[][] {{1}, {2}})
              : new Vector.Multi(new float[][] {new float[params.size() + 2]});
      case 1 -> new Vector.Dense(new float[params == null ? 3 : params.size() + 1]);
      default -> sparse();
    };
  }

  private float[] row(String name, VectorParams params) {
    float[] values = new float[params.size()];
    for (int i = 0; i < values.length; i++) {
      if (params.type() == Datatype.UINT8) {
        // Some too small, some too large, and of what is cut there is some.
        values[i] = random.nextFloat() * UINT8_RANGE - 20;
      } else {
        values[i] = WHOLE.contains(name) ? random.nextInt(5) - 2 : (float) random.nextGaussian();
      }
    }
    return values;
  }

  /** Different indices in any order, at times none. */
  Vector.Sparse sparse() {
    int[] indices = random.ints(0, 7).distinct().limit(random.nextInt(5)).toArray();
    float[] values = new float[indices.length];
    for (int i = 0; i < indices.length; i++) {
      indices[i] *= 0x3000_0000; // Above 2^31, too.
      values[i] = random.nextInt(5) - 2;
    }
    return new Vector.Sparse(indices, values);
  }
}
