package dev.eddy.engine.filter;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonArray;
import dev.eddy.model.json.JsonValue.JsonNull;
import dev.eddy.model.json.JsonValue.JsonNumber;
import dev.eddy.model.json.JsonValue.JsonString;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.query.Expression;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An expression ready to be computed for many points, in doubles. Immutable, thread-safe.
 *
 * <p>A value of the payload counts when there is exactly one usable one at its path; a default is
 * taken only where there is none at all.
 */
public final class CompiledExpression {
  private static final double MICROS_PER_SECOND = 1e6;

  /** One node. */
  private interface Node {
    double at(FilteredPoint point, List<Float> scores);
  }

  private final Map<String, JsonValue> defaults;
  private final FieldRules rules;
  private final Set<String> keys = new HashSet<>();
  private final Node root;

  private CompiledExpression(
      Expression expression, Map<String, JsonValue> defaults, FieldRules rules) {
    this.defaults = defaults;
    this.rules = rules;
    root = compile(expression);
  }

  /**
   * Compiles an expression.
   *
   * @param rules what declared fields mean to its conditions
   */
  public static CompiledExpression of(
      Expression expression, Map<String, JsonValue> defaults, FieldRules rules) {
    return new CompiledExpression(expression, defaults, rules);
  }

  /** Names of the top-level payload members that the expression looks at. */
  public Set<String> keys() {
    return Set.copyOf(keys);
  }

  /**
   * The value for a point.
   *
   * @param scores per prefetch, NaN where the point was not found
   * @throws EddyException "Wrong input" when a variable has no usable value, or the result is not
   *     finite
   */
  public float value(FilteredPoint point, List<Float> scores) {
    double value = root.at(point, scores);
    float single = (float) value;
    if (!Float.isFinite(single)) {
      throw notFinite(value + " as f32 = " + single);
    }
    return single;
  }

  private Node compile(Expression expression) {
    return switch (expression) {
      case Expression.Constant(double value) -> (point, scores) -> value;
      case Expression.Score score -> score(score);
      case Expression.Field(KeyPath key) -> number(key);
      case Expression.Check(var condition) -> {
        CompiledFilter filter = CompiledFilter.of(Filter.must(condition), rules);
        keys.addAll(filter.keys());
        yield (point, scores) -> filter.matches(point) ? 1 : 0;
      }
      case Expression.GeoDistance(GeoPoint origin, KeyPath to) -> {
        Lookup<GeoPoint> place = lookup(to, "geo point", GeoShapes::point);
        yield (point, scores) -> GeoShapes.distanceMeters(origin, place.at(point));
      }
      case Expression.Moment(double seconds) -> (point, scores) -> seconds;
      case Expression.MomentField(KeyPath key) -> {
        Lookup<Double> moment = lookup(key, "datetime", CompiledExpression::seconds);
        yield (point, scores) -> moment.at(point);
      }
      case Expression.Product(List<Expression> factors) -> product(compile(factors));
      case Expression.Sum(List<Expression> terms) -> sum(compile(terms));
      case Expression.Quotient quotient -> quotient(quotient);
      case Expression.Power power -> power(compile(power.base()), compile(power.exponent()));
      case Expression.Applied(Expression.Function function, Expression to) ->
          applied(function, compile(to));
      case Expression.Decay decay -> decay(decay);
    };
  }

  private List<Node> compile(List<Expression> expressions) {
    return expressions.stream().map(this::compile).toList();
  }

  private Node score(Expression.Score score) {
    JsonValue given = defaultOf(score);
    if (given != null && !(given instanceof JsonNumber)) {
      throw wrongKind(score.text(), "number", "Value is not a number");
    }
    double otherwise = given instanceof JsonNumber number ? number.asDouble() : 0;
    int prefetch = score.prefetch();
    return (point, scores) -> {
      float found = prefetch < scores.size() ? scores.get(prefetch) : Float.NaN;
      return Float.isNaN(found) ? otherwise : found;
    };
  }

  private @Nullable JsonValue defaultOf(Expression.Score score) {
    JsonValue given = defaults.get(score.text());
    if (given != null || score.prefetch() > 0) {
      return given;
    }
    // The first prefetch has two names.
    JsonValue whole = defaults.get("$score");
    return whole != null ? whole : defaults.get("$score[0]");
  }

  private Node number(KeyPath key) {
    Lookup<Double> number =
        lookup(key, "number", value -> value instanceof JsonNumber n ? n.asDouble() : null);
    return (point, scores) -> number.at(point);
  }

  private static Node product(List<Node> factors) {
    return (point, scores) -> {
      double product = 1;
      for (Node factor : factors) {
        double value = factor.at(point, scores);
        if (value == 0) {
          return 0; // What follows is not asked: it may have no value.
        }
        product *= value;
      }
      return product;
    };
  }

  private static Node sum(List<Node> terms) {
    return (point, scores) -> {
      double sum = 0;
      for (Node term : terms) {
        sum += term.at(point, scores);
      }
      return sum;
    };
  }

  private Node quotient(Expression.Quotient quotient) {
    Node left = compile(quotient.left());
    Node right = compile(quotient.right());
    Double byZero = quotient.byZero();
    return (point, scores) -> {
      double dividend = left.at(point, scores);
      if (dividend == 0) {
        return 0;
      }
      double divisor = right.at(point, scores);
      if (divisor == 0 && byZero != null) {
        return byZero;
      }
      return finite(dividend / divisor, () -> dividend + "/" + divisor);
    };
  }

  private static Node power(Node base, Node exponent) {
    return (point, scores) -> {
      double of = base.at(point, scores);
      double to = exponent.at(point, scores);
      return finite(Math.pow(of, to), () -> of + "^" + to);
    };
  }

  private static Node applied(Expression.Function function, Node to) {
    return (point, scores) -> {
      double x = to.at(point, scores);
      return switch (function) {
        case NEGATE -> -x;
        case ABSOLUTE -> Math.abs(x);
        case SQUARE_ROOT -> finite(Math.sqrt(x), () -> "√" + x);
        case EXPONENTIAL -> finite(Math.exp(x), () -> "exp(" + x + ")");
        case LOG_10 -> finite(Math.log10(x), () -> "log10(" + x + ")");
        case LOG_NATURAL -> finite(Math.log(x), () -> "ln(" + x + ")");
      };
    };
  }

  private Node decay(Expression.Decay decay) {
    Node x = compile(decay.x());
    Expression towards = decay.target();
    Node target = towards == null ? (point, scores) -> 0 : compile(towards);
    double scale = decay.scale();
    double midpoint = decay.midpoint();
    double logarithm = Math.log(midpoint);
    return (point, scores) -> {
      double distance = Math.abs(x.at(point, scores) - target.at(point, scores));
      return switch (decay.shape()) {
        case LINEAR -> Math.max(0, 1 - (1 - midpoint) / scale * distance);
        case EXPONENTIAL -> Math.exp(logarithm / scale * distance);
        case GAUSSIAN -> Math.exp(logarithm / (scale * scale) * distance * distance);
      };
    };
  }

  private static double finite(double value, java.util.function.Supplier<String> text) {
    if (!Double.isFinite(value)) {
      throw notFinite(text.get());
    }
    return value;
  }

  private static EddyException notFinite(String text) {
    return EddyException.wrongInput("The expression " + text + " produced a non-finite number");
  }

  private static EddyException wrongKind(String key, String kind, String why) {
    return EddyException.wrongInput(
        "Expected %s value for %s in the payload and/or in the formula defaults. Error: %s"
            .formatted(kind, key, why));
  }

  private static @Nullable Double seconds(JsonValue value) {
    if (!(value instanceof JsonString(String text))) {
      return null;
    }
    OptionalLong micros = Datetimes.parseMicros(text);
    return micros.isPresent() ? (Double) (micros.getAsLong() / MICROS_PER_SECOND) : null;
  }

  private <T> Lookup<T> lookup(KeyPath key, String kind, Function<JsonValue, @Nullable T> usable) {
    keys.add(key.head());
    JsonValue otherwise = defaults.get(key.text());
    return new Lookup<>(
        key, kind, usable, otherwise == null ? List.of() : elements(List.of(otherwise)));
  }

  /** The value of a variable. */
  private record Lookup<T>(
      KeyPath key,
      String kind,
      Function<JsonValue, @Nullable T> usable,
      List<JsonValue> otherwise) {

    T at(FilteredPoint point) {
      List<JsonValue> found = new ArrayList<>();
      JsonPaths.values(point.payload(), key.steps(), found::add);
      List<JsonValue> elements = elements(found);
      if (elements.isEmpty()) {
        elements = otherwise;
      }
      if (elements.isEmpty()) {
        throw wrongKind(key.text(), kind, "No value found in a point");
      }
      T only = null;
      for (JsonValue element : elements) {
        T value = usable.apply(element);
        if (value != null && only != null) {
          throw wrongKind(key.text(), kind, "A point has several values");
        }
        only = value == null ? only : value;
      }
      if (only == null) {
        throw wrongKind(key.text(), kind, "Value is not a " + kind);
      }
      return only;
    }
  }

  /** The values that are not null, arrays opened one level. */
  private static List<JsonValue> elements(List<JsonValue> values) {
    List<JsonValue> elements = new ArrayList<>();
    for (JsonValue value : values) {
      if (value instanceof JsonArray array) {
        array.elements().stream().filter(e -> e != JsonNull.NULL).forEach(elements::add);
      } else if (value != JsonNull.NULL) {
        elements.add(value);
      }
    }
    return elements;
  }
}
