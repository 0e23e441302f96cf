package dev.eddy.text.inference;

import dev.eddy.model.point.Vector;
import dev.eddy.model.usage.InferenceUsage;
import dev.eddy.text.TextAnalysis;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.lucene.util.StringHelper;

/**
 * Okapi BM25 (Robertson and Walker, 1994) without its idf, which is counted when points are
 * searched: each distinct token is an index, and a stored text weighs it by {@code tf * (k + 1) /
 * (tf + k * (1 - b + b * length / averageLength))}. Immutable, thread-safe.
 */
final class Bm25 {
  private final Bm25Options options;
  private final TextAnalysis analysis;

  Bm25(Bm25Options options) {
    this.options = options;
    this.analysis = TextAnalysis.of(options.text());
  }

  /** Tokens with their weights. */
  Vector.Sparse stored(String text) {
    List<String> tokens = counted(analysis.storedTokens(text));
    double k = options.k();
    double b = options.b();
    double lengths = 1 - b + b * tokens.size() / options.averageLength();
    SortedMap<Integer, Integer> counts = counts(tokens);
    float[] weights = new float[counts.size()];
    int at = 0;
    for (int count : counts.values()) {
      weights[at++] = (float) (count * (k + 1) / Math.fma(k, lengths, count));
    }
    return new Vector.Sparse(indices(counts), weights);
  }

  /** Tokens, each with weight 1. */
  Vector.Sparse asked(String text) {
    SortedMap<Integer, Integer> counts = counts(counted(analysis.askedTokens(text)));
    float[] weights = new float[counts.size()];
    Arrays.fill(weights, 1);
    return new Vector.Sparse(indices(counts), weights);
  }

  /** What a request is told that it used: the length that weights are reckoned with. */
  private static List<String> counted(List<String> tokens) {
    InferenceUsage.add(Inference.BM25, tokens.size());
    return tokens;
  }

  /** How often each index comes; the few tokens that share one count together. */
  private static SortedMap<Integer, Integer> counts(List<String> tokens) {
    SortedMap<Integer, Integer> counts = new TreeMap<>(Integer::compareUnsigned);
    tokens.forEach(token -> counts.merge(index(token), 1, Integer::sum));
    return counts;
  }

  private static int[] indices(SortedMap<Integer, Integer> counts) {
    return counts.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  /**
   * The index of a token, unsigned: what clients that make such vectors themselves compute, too.
   */
  private static int index(String token) {
    byte[] bytes = token.getBytes(StandardCharsets.UTF_8);
    // Of the smallest int this is 2^31, as unsigned.
    return Math.abs(StringHelper.murmurhash3_x86_32(bytes, 0, bytes.length, 0));
  }
}
