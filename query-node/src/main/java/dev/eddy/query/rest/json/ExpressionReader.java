package dev.eddy.query.rest.json;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.query.Expression;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Expressions of formulas: a number, a variable, or an object that is told by its key; an object
 * without such a key is a condition.
 */
final class ExpressionReader {
  private final JsonBody body;
  private final ConditionReader condition;
  private final List<Expression> found = new ArrayList<>();

  private ExpressionReader(JsonBody body) {
    this.body = body;
    condition = new ConditionReader(body);
  }

  static Expression read(JsonBody body) throws IOException {
    return switch (body.token()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Expression.Constant(body.f64());
      case VALUE_STRING -> variable(body);
      case START_OBJECT -> {
        ExpressionReader reader = new ExpressionReader(body);
        body.object("an expression", reader::field);
        yield reader.expression();
      }
      default -> throw body.noVariant("Expression");
    };
  }

  private static Expression variable(JsonBody body) throws IOException {
    String text = body.string();
    try {
      return Expression.variable(text);
    } catch (EddyException e) {
      throw body.malformedHere(e.text());
    }
  }

  private Expression expression() {
    if (found.size() > 1) {
      throw body.noVariant("Expression");
    }
    return found.isEmpty() ? new Expression.Check(condition.condition()) : found.getFirst();
  }

  private void field(String field) throws IOException {
    switch (field) {
      case "mult" -> found.add(new Expression.Product(list()));
      case "sum" -> found.add(new Expression.Sum(list()));
      case "neg" -> applied(Expression.Function.NEGATE);
      case "abs" -> applied(Expression.Function.ABSOLUTE);
      case "sqrt" -> applied(Expression.Function.SQUARE_ROOT);
      case "exp" -> applied(Expression.Function.EXPONENTIAL);
      case "log10" -> applied(Expression.Function.LOG_10);
      case "ln" -> applied(Expression.Function.LOG_NATURAL);
      case "div" -> found.add(quotient());
      case "pow" -> found.add(power());
      case "geo_distance" -> found.add(geoDistance());
      case "datetime" -> found.add(moment());
      case "datetime_key" -> found.add(new Expression.MomentField(Keys.read(body)));
      case "lin_decay" -> found.add(decay(Expression.Shape.LINEAR));
      case "exp_decay" -> found.add(decay(Expression.Shape.EXPONENTIAL));
      case "gauss_decay" -> found.add(decay(Expression.Shape.GAUSSIAN));
      default -> condition.field(field);
    }
  }

  private void applied(Expression.Function function) throws IOException {
    found.add(new Expression.Applied(function, read(body)));
  }

  private List<Expression> list() throws IOException {
    List<Expression> expressions = new ArrayList<>();
    body.array(() -> expressions.add(read(body)));
    return expressions;
  }

  private Expression moment() throws IOException {
    String text = body.string();
    OptionalLong micros = Datetimes.parseMicros(text);
    if (micros.isEmpty()) {
      throw body.malformedHere(
          "Expected datetime in supported format, got '" + JsonBody.shortened(text) + "'");
    }
    return new Expression.Moment(micros.getAsLong() / 1e6);
  }

  private Expression quotient() throws IOException {
    var draft =
        new Object() {
          @Nullable Expression left;
          @Nullable Expression right;
          @Nullable Double byZero;
        };
    body.object(
        "struct DivParams",
        field -> {
          switch (field) {
            case "left" -> draft.left = read(body);
            case "right" -> draft.right = read(body);
            case "by_zero_default" -> draft.byZero = body.f64();
            default -> body.skip();
          }
        });
    if (draft.left == null || draft.right == null) {
      throw body.missing(draft.left == null ? "left" : "right");
    }
    return new Expression.Quotient(draft.left, draft.right, draft.byZero);
  }

  private Expression power() throws IOException {
    var draft =
        new Object() {
          @Nullable Expression base;
          @Nullable Expression exponent;
        };
    body.object(
        "struct PowParams",
        field -> {
          switch (field) {
            case "base" -> draft.base = read(body);
            case "exponent" -> draft.exponent = read(body);
            default -> body.skip();
          }
        });
    if (draft.base == null || draft.exponent == null) {
      throw body.missing(draft.base == null ? "base" : "exponent");
    }
    return new Expression.Power(draft.base, draft.exponent);
  }

  private Expression geoDistance() throws IOException {
    var draft =
        new Object() {
          @Nullable GeoPoint origin;
          @Nullable KeyPath to;
        };
    body.object(
        "struct GeoDistanceParams",
        field -> {
          switch (field) {
            case "origin" -> draft.origin = GeoReader.point(body);
            case "to" -> draft.to = Keys.read(body);
            default -> body.skip();
          }
        });
    if (draft.origin == null || draft.to == null) {
      throw body.missing(draft.origin == null ? "origin" : "to");
    }
    return new Expression.GeoDistance(draft.origin, draft.to);
  }

  private Expression decay(Expression.Shape shape) throws IOException {
    var draft =
        new Object() {
          @Nullable Expression x;
          @Nullable Expression target;
          double scale = Expression.Decay.SCALE_DEFAULT;
          double midpoint = Expression.Decay.MIDPOINT_DEFAULT;
        };
    body.object(
        "struct DecayParamsExpression",
        field -> {
          switch (field) {
            case "x" -> draft.x = read(body);
            case "target" -> draft.target = read(body);
            case "scale" -> draft.scale = body.f64();
            case "midpoint" -> draft.midpoint = body.f64();
            default -> body.skip();
          }
        });
    if (draft.x == null) {
      throw body.missing("x");
    }
    return new Expression.Decay(shape, draft.x, draft.target, draft.scale, draft.midpoint);
  }
}
