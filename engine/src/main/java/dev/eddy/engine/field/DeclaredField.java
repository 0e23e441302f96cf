package dev.eddy.engine.field;

import dev.eddy.engine.filter.FieldElements;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonValue.JsonObject;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One declared field and its index as it grows. Owned by the writer. */
final class DeclaredField {
  private FieldIndex declared;
  private final FieldReader reader;
  private final PostingLog values;
  private final PostingLog facts;
  private final @Nullable TermWork termWork;
  private RunHome home = new RunHome.Heap();

  /** Points that have a value of the declared type; until it is known, how that changed. */
  private long points;

  private boolean isCounted;

  /** Whether a base was read that no checkpoint holds yet. */
  private volatile boolean hasUnsavedBase;

  /** What a checkpoint of one moment holds of a field. */
  record Moment(
      DeclaredField field,
      FieldIndex declared,
      List<PostingRun> values,
      List<PostingRun> facts,
      @Nullable TermDictionary terms,
      List<MappedTerms> mappedTerms,
      int termCount) {
    /** Gives back what is held. */
    void release() {
      values.forEach(PostingRun::release);
      facts.forEach(PostingRun::release);
      mappedTerms.forEach(chunk -> chunk.piece().release());
      if (terms != null) {
        terms.release();
      }
    }
  }

  private DeclaredField(
      FieldIndex declared, FieldReader reader, PostingLog values, PostingLog facts) {
    this.declared = declared;
    this.reader = reader;
    this.values = values;
    this.facts = facts;
    TermDictionary terms = reader.terms();
    this.termWork = terms == null ? null : new TermWork(terms);
  }

  /**
   * A field that nothing is known of yet.
   *
   * @param hasBase whether there is nothing to be read
   */
  static DeclaredField of(FieldIndex declared, FieldElements elements, boolean hasBase) {
    return new DeclaredField(
        declared,
        new FieldReader(elements),
        new PostingLog(hasBase, PostingLog.MERGED_AT_ONCE_MAX),
        new PostingLog(hasBase, PostingLog.MERGED_AT_ONCE_MAX));
  }

  /** A field with its whole index. */
  static DeclaredField restored(
      FieldIndex declared, FieldReader reader, List<PostingRun> values, List<PostingRun> facts) {
    return new DeclaredField(declared, reader, new PostingLog(values), new PostingLog(facts));
  }

  /** Says how many points have a value. */
  void counted(long known) {
    points = known;
    isCounted = true;
  }

  boolean isCounted() {
    return isCounted;
  }

  long points() {
    return points;
  }

  /** A point comes or goes. */
  void count(JsonObject members, int change) {
    points += reader.elements().areIn(members) ? change : 0;
  }

  /** Declares it anew as what it is, to be kept in memory or on disk. */
  void settleAt(FieldIndex sameMeaning, RunHome wanted) {
    declared = sameMeaning;
    home = wanted;
    values.settleAt(wanted);
    facts.settleAt(wanted);
  }

  FieldIndex declared() {
    return declared;
  }

  FieldReader reader() {
    return reader;
  }

  /** Whether it can be asked. */
  boolean isReady() {
    return values.hasBase();
  }

  boolean isBusy() {
    return !isReady()
        || values.isBusy()
        || facts.isBusy()
        || (termWork != null && termWork.isBusy());
  }

  boolean hasUnsavedBase() {
    return hasUnsavedBase;
  }

  /** A checkpoint holds it. By any thread. */
  void saved() {
    hasUnsavedBase = false;
  }

  /** Takes the payload of a slot above all so far. */
  void add(int slot, JsonObject members) {
    values.beginNew(slot);
    facts.beginNew(slot);
    read(slot, members);
  }

  /** Takes the payload of a slot instead of the one it had. */
  void replace(int slot, JsonObject members) {
    values.beginReplaced(slot);
    facts.beginReplaced(slot);
    read(slot, members);
  }

  private void read(int slot, JsonObject members) {
    reader.read(members, key -> values.add(key, slot), key -> facts.add(key, slot));
  }

  /** Terms that have numbers; 0 of a field of other values. */
  long termCount() {
    TermDictionary terms = reader.terms();
    return terms == null ? 0 : terms.size();
  }

  /** Terms that points have, at most. */
  long presentTermsMost() {
    return values.keysMost();
  }

  /** Forgets everything; the base that comes holds it. */
  void startOver() {
    points = isCounted ? points : 0;
    values.startOver();
    facts.startOver();
  }

  void addBase(BaseRead.Base base) {
    values.addBase(base.values());
    facts.addBase(base.facts());
    if (!isCounted) {
      counted(points + base.points());
    }
    hasUnsavedBase = true;
  }

  /** Everything so far. */
  IndexedField freeze(IntPredicate live) {
    return new IndexedField(
        declared.type(), reader.terms(), values.freeze(live), facts.freeze(live));
  }

  Moment moment(IntPredicate live) {
    TermDictionary terms = reader.terms();
    Postings valuesNow = values.freeze(live);
    Postings factsNow = facts.freeze(live);
    valuesNow.retain();
    factsNow.retain();
    if (terms != null) {
      terms.retain();
    }
    // First: the terms that are mapped by then are among those that are counted.
    List<MappedTerms> mapped = terms == null ? List.of() : terms.holdMapped();
    return new Moment(
        this,
        declared,
        valuesNow.runs(),
        factsNow.runs(),
        terms,
        mapped,
        terms == null ? 0 : terms.size());
  }

  /**
   * Takes over and starts background work.
   *
   * @return whether {@link #freeze} gives something else than before
   */
  boolean maintain(Supplier<IntPredicate> live, Executor background) {
    boolean hasChanged = values.maintain(live, background);
    hasChanged |= facts.maintain(live, background);
    // Terms that payloads are being read for stay where they are.
    if (termWork != null && isReady()) {
      termWork.maintain(home, background);
    }
    return hasChanged;
  }

  /** Ends background work and gives all back; views go on. */
  void close() {
    values.close();
    facts.close();
    if (termWork != null) {
      termWork.end();
    }
    TermDictionary terms = reader.terms();
    if (terms != null) {
      terms.release();
    }
  }

  /** Bytes of the heap, as of the last {@link #freeze}. */
  long heapBytes() {
    TermDictionary terms = reader.terms();
    return values.heapBytes() + facts.heapBytes() + (terms == null ? 0 : terms.heapBytes());
  }

  /** Bytes of mapped files, as of the last {@link #freeze}. */
  long mappedBytes() {
    TermDictionary terms = reader.terms();
    return values.mappedBytes() + facts.mappedBytes() + (terms == null ? 0 : terms.mappedBytes());
  }
}
