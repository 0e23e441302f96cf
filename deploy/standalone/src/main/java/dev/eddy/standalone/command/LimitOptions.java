package dev.eddy.standalone.command;

import dev.eddy.model.limit.Limit;
import dev.eddy.model.limit.Limits;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * One option for each limit that can be set: {@code --limit-rest-body 64m}. They are not in the
 * help, which would be full of them; {@code docs/limits.md} lists them.
 */
final class LimitOptions {
  private static final Pattern NUMBER = Pattern.compile("([0-9]{1,18})([a-z]*)");

  private final Map<Limit, String> given = new EnumMap<>(Limit.class);

  /** What the option of a limit is called. */
  static String nameOf(Limit limit) {
    return "--limit-" + limit.apiName();
  }

  /** Adds the options to a command. */
  void addTo(CommandSpec command) {
    for (Limit limit : Limit.values()) {
      if (limit.isSettable()) {
        command.addOption(
            OptionSpec.builder(nameOf(limit))
                .paramLabel("VALUE")
                .type(String.class)
                .hidden(true)
                .setter(
                    new CommandLine.Model.ISetter() {
                      @Override
                      @SuppressWarnings("unchecked")
                      public <T> T set(T value) {
                        if (value instanceof String text) {
                          given.put(limit, text);
                        }
                        return value;
                      }
                    })
                .build());
      }
    }
  }

  /** What was given, and the defaults for this JVM's heap. */
  Limits limits() {
    Limits limits = Limits.ofHeap(Runtime.getRuntime().maxMemory());
    for (Map.Entry<Limit, String> each : given.entrySet()) {
      String option = nameOf(each.getKey()) + " " + each.getValue();
      try {
        limits = limits.with(each.getKey(), number(each.getKey().unit(), each.getValue()));
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw new WrongUsageException(option + " can't be: " + e.getMessage());
      }
    }
    atLeast(limits, Limit.REST_BODIES, Limit.REST_BODY);
    atLeast(limits, Limit.GRPC_MESSAGES, Limit.GRPC_MESSAGE);
    return limits;
  }

  private static void atLeast(Limits limits, Limit all, Limit one) {
    if (limits.of(all) < limits.of(one)) {
      throw new WrongUsageException(
          "%s %d is below %s %d: not even one would fit"
              .formatted(nameOf(all), limits.of(all), nameOf(one), limits.of(one)));
    }
  }

  private static long number(Limit.Unit unit, String text) {
    Matcher matcher = NUMBER.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException("it is no number");
    }
    return Math.multiplyExact(Long.parseLong(matcher.group(1)), factor(unit, matcher.group(2)));
  }

  private static long factor(Limit.Unit unit, String suffix) {
    return switch (unit) {
      case COUNT -> {
        if (!suffix.isEmpty()) {
          throw new IllegalArgumentException("it is a number without a unit");
        }
        yield 1;
      }
      case BYTES ->
          switch (suffix) {
            case "", "b" -> 1;
            case "k", "kb" -> 1L << 10;
            case "m", "mb" -> 1L << 20;
            case "g", "gb" -> 1L << 30;
            default -> throw new IllegalArgumentException("sizes end with k, m or g");
          };
      case MILLIS ->
          switch (suffix) {
            case "ms" -> 1;
            case "s" -> 1_000;
            case "m", "min" -> 60_000;
            default -> throw new IllegalArgumentException("times end with ms, s or min");
          };
    };
  }
}
