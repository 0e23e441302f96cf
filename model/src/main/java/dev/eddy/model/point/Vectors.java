package dev.eddy.model.point;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The vectors of a point by name; the unnamed vector has the empty name. Any subset of the
 * collection's names, none included.
 */
public record Vectors(Map<String, Vector> byName) {
  /** The name of the unnamed vector. */
  public static final String UNNAMED = "";

  public static final Vectors NONE = new Vectors(Map.of());

  public Vectors {
    byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
  }

  /** Only the unnamed vector. */
  public static Vectors unnamed(float... values) {
    return new Vectors(Map.of(UNNAMED, new Vector.Dense(values)));
  }

  /** The later vectors where there are any, these elsewhere. */
  public Vectors with(Vectors later) {
    Map<String, Vector> both = new LinkedHashMap<>(byName);
    both.putAll(later.byName);
    return new Vectors(both);
  }
}
