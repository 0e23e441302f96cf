package dev.eddy.model.usage;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Tokens that models made of the texts of one request, by model. Who wants to know runs the request
 * {@link #during} one; models call {@link #add}, which does nothing where nobody wants to know. A
 * request's texts are read by the thread that answers it: nothing is carried to other threads. Safe
 * from any thread.
 */
public final class InferenceUsage {
  private static final ScopedValue<InferenceUsage> CURRENT = ScopedValue.newInstance();

  private final ConcurrentMap<String, Long> tokens = new ConcurrentHashMap<>();

  /** That of the request which this thread works for, if somebody wants to know. */
  public static Optional<InferenceUsage> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /**
   * Adds to the current one, if there is one; a model that made none of a text was used, too.
   *
   * @param model the contract's name
   * @param tokens at least 0
   */
  public static void add(String model, long tokens) {
    if (CURRENT.isBound()) {
      CURRENT.get().tokens.merge(model, tokens, Long::sum);
    }
  }

  /** The sums so far of the models that were used, by name. */
  public Map<String, Long> tokens() {
    return new TreeMap<>(tokens);
  }

  /** Runs work whose texts count here. */
  public <T> T during(Supplier<T> work) {
    return ScopedValue.where(CURRENT, this).call(work::get);
  }
}
