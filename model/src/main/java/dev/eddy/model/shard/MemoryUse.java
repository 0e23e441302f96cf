package dev.eddy.model.shard;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a shard or a node holds, by component: in memory, and in files, of which the operating
 * system keeps what it has room for. Estimates of some percent, headers of objects left out.
 *
 * @param components those that hold something
 * @param fieldIndexes bytes of memory of each field's index, by its path
 */
public record MemoryUse(Map<Component, Bytes> components, SortedMap<String, Long> fieldIndexes) {
  /** Nothing. */
  public static final MemoryUse NONE = new MemoryUse(Map.of(), Collections.emptySortedMap());

  /** What takes memory. */
  public enum Component {
    /** Dense vectors themselves, with the slots of their segments. */
    VECTORS,
    /** Graphs. */
    LINKS,
    /** Codes of dense vectors that are compared in their place. */
    CODES,
    /** Graphs that carry their neighbours' codes: for speed alone. */
    FUSED,
    /** Sparse vectors and their postings. */
    SPARSE,
    /** Vectors of several rows a point. */
    MULTI,
    /** Indexes of payload fields. */
    FIELD_INDEXES,
    /** Ids, versions and hashes of points. */
    POINTS,
    /** What is remembered of the inbox. */
    INBOX,
    /** Payloads: write buffers and tables. */
    PAYLOADS,
    /** Blocks of payloads that were read, of all shards of a node together. */
    PAYLOAD_CACHE;

    /** Whether its memory is the JVM's heap, which has the limit, and not bounded by itself. */
    public boolean isOnHeap() {
      return this != PAYLOADS && this != PAYLOAD_CACHE;
    }

    /** The name in answers and metrics. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Bytes.
   *
   * @param memory of the process itself
   * @param files mapped or read
   */
  public record Bytes(long memory, long files) {
    public static final Bytes NONE = new Bytes(0, 0);

    /** In both together. */
    public long total() {
      return memory + files;
    }
  }

  public MemoryUse {
    components = Collections.unmodifiableMap(copy(components));
    fieldIndexes = Collections.unmodifiableSortedMap(new TreeMap<>(fieldIndexes));
  }

  private static Map<Component, Bytes> copy(Map<Component, Bytes> components) {
    Map<Component, Bytes> copy = new EnumMap<>(Component.class);
    components.forEach((component, bytes) -> {
      if (bytes.memory() != 0 || bytes.files() != 0) {
        copy.put(component, bytes);
      }
    });
    return copy;
  }

  /** Of one component; zeros where it holds nothing. */
  public Bytes of(Component component) {
    return components.getOrDefault(component, Bytes.NONE);
  }

  /** On the JVM's heap, over all components. */
  public long heapBytes() {
    return components.entrySet().stream()
        .filter(entry -> entry.getKey().isOnHeap())
        .mapToLong(entry -> entry.getValue().memory())
        .sum();
  }

  /** In memory, over all components. */
  public long memoryBytes() {
    return components.values().stream().mapToLong(Bytes::memory).sum();
  }

  /** In files, over all components. */
  public long fileBytes() {
    return components.values().stream().mapToLong(Bytes::files).sum();
  }

  /** All of them together; indexes of equal paths are added up. */
  public static MemoryUse sum(Collection<MemoryUse> uses) {
    Sum sum = new Sum();
    uses.forEach(sum::add);
    return sum.done();
  }

  /** The same without telling fields apart. */
  public MemoryUse withoutFields() {
    return new MemoryUse(components, Collections.emptySortedMap());
  }

  /** Adds uses up. Not thread-safe. */
  public static final class Sum {
    private final long[] memory = new long[Component.values().length];
    private final long[] files = new long[memory.length];
    private final SortedMap<String, Long> fieldIndexes = new TreeMap<>();

    /** Adds bytes of one component. */
    public void add(Component component, long memoryBytes, long fileBytes) {
      memory[component.ordinal()] += memoryBytes;
      files[component.ordinal()] += fileBytes;
    }

    /** Adds the index of one field. */
    public void addFieldIndex(String path, long memoryBytes) {
      fieldIndexes.merge(path, memoryBytes, Long::sum);
      add(Component.FIELD_INDEXES, memoryBytes, 0);
    }

    /** Adds everything of another use. */
    public void add(MemoryUse use) {
      use.components.forEach((component, bytes) -> add(component, bytes.memory(), bytes.files()));
      use.fieldIndexes.forEach((path, bytes) -> fieldIndexes.merge(path, bytes, Long::sum));
    }

    /** What was added so far. */
    public MemoryUse done() {
      Map<Component, Bytes> components = new EnumMap<>(Component.class);
      for (Component component : Component.values()) {
        int at = component.ordinal();
        components.put(component, new Bytes(memory[at], files[at]));
      }
      return new MemoryUse(components, fieldIndexes);
    }
  }
}
