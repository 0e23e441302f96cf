package dev.eddy.model.usage;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What an answer says that its request used. Immutable.
 *
 * @param hardware what the machine did, if it did anything
 * @param tokens of the texts of the request, by model; empty where no model was asked
 */
public record RequestUsage(Optional<HardwareUsage> hardware, Map<String, Long> tokens) {
  public RequestUsage {
    tokens = Map.copyOf(tokens);
  }

  /** Runs a request that is to say what it used. */
  public static <T> T counted(Supplier<T> work) {
    return new HardwareUsage().during(() -> new InferenceUsage().during(work));
  }

  /** That of the request which this thread works for; empty if nothing is to be said. */
  public static Optional<RequestUsage> told() {
    Optional<HardwareUsage> hardware = HardwareUsage.current().filter(usage -> !usage.isZero());
    Map<String, Long> tokens =
        InferenceUsage.current().map(InferenceUsage::tokens).orElse(Map.of());
    return hardware.isEmpty() && tokens.isEmpty()
        ? Optional.empty()
        : Optional.of(new RequestUsage(hardware, tokens));
  }
}
