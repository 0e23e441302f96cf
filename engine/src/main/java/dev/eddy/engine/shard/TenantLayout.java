package dev.eddy.engine.shard;

import dev.eddy.engine.field.FieldIndexes;
import dev.eddy.engine.field.IndexedField;
import dev.eddy.engine.points.PointHash;
import dev.eddy.engine.segment.RowLayout;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.FieldIndex;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Rows of points with the same value of a field that is declared to name tenants lie together, as
 * its index has them. Of a point with several values one counts. Owned by the writer.
 */
final class TenantLayout implements RowLayout {
  private final String field;
  private final FieldIndexes indexes;
  private final IntPredicate live;

  private TenantLayout(String field, FieldIndexes indexes, IntPredicate live) {
    this.field = field;
    this.indexes = indexes;
    this.live = live;
  }

  /**
   * By the first of the fields, in the order of their names, that is declared so.
   *
   * @param live which slots are
   */
  static RowLayout of(CollectionSpec spec, FieldIndexes indexes, IntPredicate live) {
    return field(spec)
        .<RowLayout>map(field -> new TenantLayout(field, indexes, live))
        .orElse(RowLayout.BY_SLOT);
  }

  /** Whether some field is declared so. */
  static boolean isWanted(CollectionSpec spec) {
    return field(spec).isPresent();
  }

  private static Optional<String> field(CollectionSpec spec) {
    return spec.payloadIndexes().entrySet().stream()
        .filter(entry -> isTenant(entry.getValue()))
        .map(Map.Entry::getKey)
        .min(Comparator.naturalOrder());
  }

  private static boolean isTenant(FieldIndex declared) {
    return declared.isTenant() != null
        && declared.isTenant()
        && (declared.type() == FieldIndex.Type.KEYWORD || declared.type() == FieldIndex.Type.UUID);
  }

  @Override
  public long id() {
    long hash = PointHash.name(field);
    return hash == BY_SLOT_ID ? 1 : hash;
  }

  @Override
  public boolean isKnown() {
    return indexes.isReady(field);
  }

  @Override
  public @Nullable SlotGroups groups() {
    IndexedField index = indexes.freeze(field, live);
    return index == null ? null : new IndexedGroups(index);
  }

  /** Holds the index, which may be replaced in the field meanwhile. */
  private static final class IndexedGroups implements SlotGroups {
    private final IndexedField index;

    IndexedGroups(IndexedField index) {
      this.index = index;
      index.retain();
    }

    @Override
    public int number(int first, int[] numbers) {
      return index.number(first, numbers);
    }

    @Override
    public void close() {
      index.release();
    }
  }
}
