package dev.eddy.engine.shard;

import dev.eddy.model.update.BrokenChain;
import dev.eddy.model.update.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The last origin that passed, per source partition: what makes the effect of inbox records
 * exactly-once. Part of the shard's state. Owned by the writer.
 */
final class InboxTable {
  /** A partition of an inbox topic. */
  record Source(UUID topicId, int partition) implements Comparable<Source> {
    private static final Comparator<Source> ORDER =
        Comparator.comparing(Source::topicId).thenComparingInt(Source::partition);

    @Override
    public int compareTo(Source other) {
      return ORDER.compare(this, other);
    }
  }

  /** Everything a checkpoint holds of the table. */
  record Image(Map<Source, Long> last, long ignoredRepeats, long brokenChains) {
    static final Image EMPTY = new Image(Map.of(), 0, 0);

    Image {
      last = new TreeMap<>(last);
    }
  }

  /** A node of the tree, the source with its topic id, and the offset. */
  private static final int ENTRY_BYTES = 136;

  private final Map<Source, Long> last;
  private long ignoredRepeats;
  private long brokenChains;

  /** The first break per source since somebody took them: one report is enough to reposition. */
  private final Map<Source, BrokenChain> untaken = new LinkedHashMap<>();

  InboxTable(Image image) {
    this.last = new TreeMap<>(image.last());
    this.ignoredRepeats = image.ignoredRepeats();
    this.brokenChains = image.brokenChains();
  }

  /**
   * Whether a change of this origin takes its effect: {@code before <= last < origin}. When it
   * does, {@code last} moves, whatever the verdict will be; otherwise the change is counted.
   */
  boolean admit(Origin origin) {
    Source source = new Source(origin.topicId(), origin.partition());
    long known = last.getOrDefault(source, Origin.NONE);
    if (origin.before() <= known && known < origin.offset()) {
      last.put(source, origin.offset());
      return true;
    }
    if (origin.before() > known) {
      brokenChains++;
      untaken.putIfAbsent(
          source, new BrokenChain(origin.topicId(), origin.partition(), origin.before(), known));
    } else {
      ignoredRepeats++;
    }
    return false;
  }

  /** An estimate. */
  long memoryBytes() {
    return (long) ENTRY_BYTES * last.size();
  }

  long ignoredRepeats() {
    return ignoredRepeats;
  }

  long brokenChains() {
    return brokenChains;
  }

  List<BrokenChain> takeBroken() {
    if (untaken.isEmpty()) {
      return List.of();
    }
    List<BrokenChain> taken = new ArrayList<>(untaken.values());
    untaken.clear();
    return taken;
  }

  Image image() {
    return new Image(last, ignoredRepeats, brokenChains);
  }
}
