package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.BrokenRules;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.util.function.Supplier;

/**
 * Collects the rules that the messages of one call break, so that the client learns of all of them
 * at once: who reads a message goes on with another value in the place of the wrong one, and who
 * does something with what was read asks first whether all of it was right. Where nobody collects,
 * the first broken rule is thrown. Each call is one thread's.
 */
public final class RuleBook {
  private static final ScopedValue<RuleBook> OPEN = ScopedValue.newInstance();

  private final BrokenRules broken = new BrokenRules();
  private boolean isTold;

  private RuleBook() {}

  /**
   * Does a call's work. Broken rules win over whatever else is found wrong.
   *
   * @throws EddyException VALIDATION with all rules that were found broken before the work ended
   * @throws IllegalStateException when nobody asked about them
   */
  public static <T> T collecting(Supplier<T> work) {
    RuleBook book = new RuleBook();
    return ScopedValue.where(OPEN, book)
        .call(() -> {
          T result;
          try {
            result = work.get();
          } catch (RuntimeException e) {
            throw book.broken.isEmpty() || book.isTold ? e : book.with(e);
          }
          if (!book.broken.isEmpty()) {
            throw new IllegalStateException("nobody asked about " + book.broken.text());
          }
          return result;
        });
  }

  /** The rules, with another one if that is what ended the work. */
  private EddyException with(RuntimeException end) {
    if (end instanceof EddyException known && known.code() == ErrorCode.VALIDATION) {
      add(known);
    }
    return broken.refusal(broken.text());
  }

  /**
   * Refuses the call if a rule was broken so far. To be asked before anything is done with what was
   * read.
   *
   * @throws EddyException VALIDATION with all rules
   */
  public static void check() {
    if (OPEN.isBound() && !OPEN.get().broken.isEmpty()) {
      RuleBook book = OPEN.get();
      book.isTold = true;
      throw book.broken.refusal(book.broken.text());
    }
  }

  /** Notes a broken rule; throws it where nobody collects. */
  static void note(EddyException rule) {
    if (!OPEN.isBound()) {
      throw rule;
    }
    OPEN.get().add(rule);
  }

  /**
   * Notes a broken rule; throws it where nobody collects.
   *
   * @param pathAndRule for instance {@code limit: value 0 invalid, must be 1 or larger}
   */
  static void note(String pathAndRule) {
    note(EddyException.validation(pathAndRule));
  }

  private void add(EddyException rule) {
    broken.add(rule.text());
    rule.limit().ifPresent(broken::beyond);
  }
}
