package dev.eddy.bench.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Gives each row of a set one of many tenants, of which some are far larger than others, in no
 * order.
 */
public final class TenantSet {
  private static final long SEED = 5;

  /** Tenants of equal rank would be of equal size; from here on sizes fall with the rank. */
  private static final int EQUAL_RANKS = 10;

  private final VectorSet set;
  private final int[] tenants;
  private final List<int[]> rows;

  /** As many tenants, the smallest of which may have no rows. */
  public TenantSet(VectorSet set, int count) {
    this.set = set;
    this.tenants = new int[set.rows()];
    Random random = new Random(SEED);
    double[] ends = new double[count];
    double end = 0;
    for (int tenant = 0; tenant < count; tenant++) {
      end += 1.0 / (tenant + EQUAL_RANKS);
      ends[tenant] = end;
    }
    int[] sizes = new int[count];
    for (int row = 0; row < tenants.length; row++) {
      int at = Arrays.binarySearch(ends, random.nextDouble() * end);
      tenants[row] = Math.min(count - 1, at < 0 ? -at - 1 : at);
      sizes[tenants[row]]++;
    }
    this.rows = new ArrayList<>();
    for (int size : sizes) {
      rows.add(new int[size]);
    }
    int[] next = new int[count];
    for (int row = 0; row < tenants.length; row++) {
      rows.get(tenants[row])[next[tenants[row]]++] = row;
    }
  }

  /** The tenant of each row. */
  public int[] tenants() {
    return tenants.clone();
  }

  /** Rows of a tenant. */
  public int size(int tenant) {
    return rows.get(tenant).length;
  }

  /** Tenants with so many rows, the largest first. */
  public List<Integer> ofSize(int least, int most) {
    List<Integer> found = new ArrayList<>();
    for (int tenant = 0; tenant < rows.size(); tenant++) {
      if (size(tenant) >= least && size(tenant) <= most) {
        found.add(tenant);
      }
    }
    return found;
  }

  /** A query that nobody else has been given for a tenant. */
  public float[] query(int number) {
    return set.queries().row(number % set.queries().rows());
  }

  /** Of the hits, how many are as near as the nearest rows of the tenant; at most one each. */
  public int hits(float[] query, int tenant, long[] found) {
    int[] own = rows.get(tenant);
    double[] scores = new double[own.length];
    for (int i = 0; i < own.length; i++) {
      scores[i] = -product(query, own[i]);
    }
    Arrays.sort(scores);
    double least = scores[wanted(tenant) - 1] + 1e-6;
    int hits = 0;
    for (long row : found) {
      hits += tenants[(int) row] == tenant && -product(query, (int) row) <= least ? 1 : 0;
    }
    return hits;
  }

  /** Hits that there can be. */
  public int wanted(int tenant) {
    return Math.min(VectorSet.K, size(tenant));
  }

  private double product(float[] query, int row) {
    double sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += (double) query[i] * set.base().get(row, i);
    }
    return sum;
  }
}
