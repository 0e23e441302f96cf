package dev.eddy.engine.shard;

import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.search.NamedVectors;
import dev.eddy.engine.segment.LiveSlots;
import dev.eddy.engine.segment.RowLayout;
import dev.eddy.engine.segment.VectorFieldStats;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Distance;
import dev.eddy.model.point.Vector;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** The vectors of one name of a shard, by slot. Owned by the writer. */
sealed interface NamedField extends AutoCloseable
    permits DenseField, WholeNumberField, SparseNamedField, MultiNamedField {
  int STEM_LENGTH_MAX = 40;

  String name();

  /**
   * Adds a vector as a client sent it, of a form that was checked.
   *
   * @param slot above every slot appended before
   * @return the hash of what is stored
   */
  long append(int slot, Vector vector);

  /**
   * Carries the vector of a slot over to another one of this field, as it is stored.
   *
   * @param source this field, or another one of the same name and settings
   * @return the hash of what is stored, 0 when the slot has no vector of this name
   */
  long carryOver(NamedField source, int from, int to);

  /** Whether the slot has a vector of this name. */
  boolean contains(int slot);

  /** A slot is superseded or deleted; once per slot. */
  void noteDead(int slot);

  /** Starts and takes over background work; whether what readers see is to be published again. */
  boolean maintain(LiveSlots live);

  /** Whether a checkpoint would save more of what took computing than the last one did. */
  boolean hasUnsavedWork(boolean isFinal);

  /** Whether background work is under way or is to be tried again. */
  boolean isBusy();

  /** Whether vectors are not yet kept and found as the collection says. */
  boolean isOptimizing();

  /** What does not succeed for now. */
  Optional<String> problem();

  /** What is only put off, until there is memory for it. */
  Optional<String> delay();

  VectorFieldStats stats();

  /** Takes up settings that may change while the field is there. */
  default void configure(CollectionSpec spec) {}

  /** From now on rows in files are to lie in this way where the form of the vectors has it. */
  default void layOut(RowLayout layout) {}

  /** Everything up to now, for a view that will release it. */
  NamedVectors view();

  /** Takes what a checkpoint of this moment holds, without touching the disk. */
  FieldCheckpoint beginCheckpoint(boolean isFinal);

  @Override
  void close();

  /** A file name for a vector name, which may hold nearly anything. */
  static String stem(String name) {
    StringBuilder readable = new StringBuilder();
    for (int i = 0; i < name.length() && readable.length() < STEM_LENGTH_MAX; i++) {
      char c = name.charAt(i);
      boolean isPlain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      readable.append(isPlain ? c : '_');
    }
    long hash = PointHash.payload(name.getBytes(StandardCharsets.UTF_8));
    return (name.isEmpty() ? "unnamed" : readable) + "-" + HexFormat.of().toHexDigits((int) hash);
  }

  static Metric metric(Distance distance) {
    return switch (distance) {
      case COSINE -> Metric.COSINE;
      case DOT -> Metric.DOT;
      case EUCLID -> Metric.EUCLID;
      case MANHATTAN -> Metric.MANHATTAN;
    };
  }
}
