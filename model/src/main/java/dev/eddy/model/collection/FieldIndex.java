package dev.eddy.model.collection;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * How a payload field is declared. A declaration says what the values of the field mean to filters,
 * orders and facets; a null setting was not given.
 *
 * @param isBare whether only the name of the type was given: then no parameters are shown back
 * @param onDisk whether what is large of the index is used from files rather than kept in memory
 * @param memory {@code cold} or {@code cached}: used from files; {@code pinned}: in memory; says
 *     more than {@code onDisk}
 * @param enableHnsw stored and shown back, without effect
 * @param isTenant of keyword and uuid; a hint that points with the same value are searched together
 * @param isPrincipal of integer, float and datetime; a hint
 * @param lookup of integer: whether it serves matches; null = true
 * @param range of integer: whether it serves ranges and orders; null = true
 * @param prefix of keyword: a hint that prefixes are asked for
 * @param text of text alone, and always there
 */
public record FieldIndex(
    Type type,
    boolean isBare,
    @Nullable Boolean onDisk,
    @Nullable String memory,
    @Nullable Boolean enableHnsw,
    @Nullable Boolean isTenant,
    @Nullable Boolean isPrincipal,
    @Nullable Boolean lookup,
    @Nullable Boolean range,
    @Nullable Boolean prefix,
    @Nullable TextSettings text) {

  /** What the values of a field are; values of another type are not part of the index. */
  public enum Type {
    KEYWORD("keyword"),
    INTEGER("integer"),
    FLOAT("float"),
    GEO("geo"),
    TEXT("text"),
    BOOL("bool"),
    DATETIME("datetime"),
    UUID("uuid");

    private final String apiName;

    Type(String apiName) {
      this.apiName = apiName;
    }

    /** The name that clients use. */
    public String apiName() {
      return apiName;
    }
  }

  public FieldIndex {
    requireNonNull(type, "type");
    if ((type == Type.TEXT) != (text != null)) {
      throw new IllegalArgumentException("text settings belong to a text index, and to no other");
    }
    if (!isLookup(lookup) && !isLookup(range)) {
      throw new IllegalArgumentException("neither lookup nor range");
    }
  }

  private static boolean isLookup(@Nullable Boolean given) {
    return given == null || given;
  }

  /** A field of a type with nothing else said. */
  public static FieldIndex of(Type type) {
    return new FieldIndex(
        type,
        true,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        type == Type.TEXT ? TextSettings.DEFAULT : null);
  }

  /** Whether what is large of the index is to be used from files. */
  public boolean isOnDisk() {
    return memory == null ? Boolean.TRUE.equals(onDisk) : !memory.equals("pinned");
  }

  /** Whether an index of one is an index of the other, wherever it is kept. */
  public boolean isIndexedLike(FieldIndex other) {
    return meaning().equals(other.meaning());
  }

  private FieldIndex meaning() {
    return new FieldIndex(type, false, null, null, null, null, null, lookup, range, prefix, text);
  }

  /** Whether matches of an integer field follow this declaration. */
  public boolean servesMatch() {
    return isLookup(lookup);
  }

  /** Whether ranges of an integer field, and orders by it, follow this declaration. */
  public boolean servesRange() {
    return isLookup(range);
  }
}
