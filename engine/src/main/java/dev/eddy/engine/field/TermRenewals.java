package dev.eddy.engine.field;

import dev.eddy.model.json.JsonValue.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fields whose index is read once more, since most of their terms are of no point any more: a term
 * that has a number keeps it as long as there is the dictionary. The index goes on being asked
 * until the new one takes its place. Owned by the writer.
 */
final class TermRenewals {
  private static final Logger LOG = LoggerFactory.getLogger(TermRenewals.class);

  /** Terms for each that is of a point, from which on it is worth reading all payloads. */
  private static final int TERMS_PER_PRESENT = 4;

  private final int staleTermsMin;
  private final Map<String, DeclaredField> successors = new TreeMap<>();

  /**
   * @param staleTermsMin terms of no point that are always left
   */
  TermRenewals(int staleTermsMin) {
    this.staleTermsMin = staleTermsMin;
  }

  /** Whether reading the payloads of so many points is worth it. */
  private boolean isDue(DeclaredField field, int points) {
    long terms = field.termCount();
    long staleMin = Math.max(staleTermsMin, points);
    if (terms < staleMin || !field.isReady()) {
      return false; // As a rule, without a look at all runs.
    }
    long present = field.presentTermsMost();
    return terms - present >= staleMin && terms >= TERMS_PER_PRESENT * present;
  }

  /** Begins with those that are due; {@link #fields} are to be read then. */
  void begin(Map<String, DeclaredField> fields, int points, Function<DeclaredField, RunHome> home) {
    fields.forEach((name, field) -> {
      if (!successors.containsKey(name) && isDue(field, points)) {
        DeclaredField successor =
            DeclaredField.of(field.declared(), field.reader().elements(), false);
        successor.settleAt(field.declared(), home.apply(field));
        successors.put(name, successor);
      }
    });
  }

  /** Those that are begun, by name. */
  Map<String, DeclaredField> fields() {
    return successors;
  }

  void add(int slot, JsonObject members) {
    successors.values().forEach(field -> field.add(slot, members));
  }

  void replace(int slot, JsonObject members) {
    successors.values().forEach(field -> field.replace(slot, members));
  }

  /**
   * The field whose base was read, to be used in place of the former one, which the caller closes.
   *
   * @return null when it is none that was begun
   */
  @Nullable DeclaredField take(
      String name, DeclaredField read, BaseRead.Base base, DeclaredField former) {
    if (!successors.remove(name, read)) {
      return null;
    }
    read.addBase(base);
    read.counted(former.points());
    LOG.info(
        "event=terms_renewed field={} terms={} before={}",
        name,
        read.termCount(),
        former.termCount());
    return read;
  }

  /** Gives all up that was begun. */
  void drop() {
    successors.values().forEach(DeclaredField::close);
    successors.clear();
  }
}
