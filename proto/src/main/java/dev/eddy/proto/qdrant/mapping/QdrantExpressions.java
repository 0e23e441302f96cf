package dev.eddy.proto.qdrant.mapping;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Datetimes;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.query.Expression;
import dev.eddy.proto.qdrant.DecayParamsExpression;
import dev.eddy.proto.qdrant.GeoDistance;
import java.util.List;
import java.util.OptionalLong;

/** Expressions of formulas as clients send them. */
final class QdrantExpressions {
  private QdrantExpressions() {}

  static Expression expression(dev.eddy.proto.qdrant.Expression message, String path) {
    return switch (message.getVariantCase()) {
      case CONSTANT -> new Expression.Constant(finite(message.getConstant(), path + ".constant"));
      case VARIABLE -> Expression.variable(message.getVariable());
      case CONDITION ->
          new Expression.Check(
              QdrantFilters.condition(message.getCondition(), path + ".condition"));
      case GEO_DISTANCE -> geoDistance(message.getGeoDistance(), path + ".geo_distance");
      case DATETIME -> moment(message.getDatetime());
      case DATETIME_KEY -> new Expression.MomentField(KeyPath.parse(message.getDatetimeKey()));
      case MULT -> new Expression.Product(list(message.getMult().getMultList(), path + ".mult"));
      case SUM -> new Expression.Sum(list(message.getSum().getSumList(), path + ".sum"));
      case DIV ->
          new Expression.Quotient(
              expression(message.getDiv().getLeft(), path + ".div.left"),
              expression(message.getDiv().getRight(), path + ".div.right"),
              message.getDiv().hasByZeroDefault()
                  ? (Double)
                      finite(message.getDiv().getByZeroDefault(), path + ".div.by_zero_default")
                  : null);
      case NEG -> applied(Expression.Function.NEGATE, message.getNeg(), path + ".neg");
      case ABS -> applied(Expression.Function.ABSOLUTE, message.getAbs(), path + ".abs");
      case SQRT -> applied(Expression.Function.SQUARE_ROOT, message.getSqrt(), path + ".sqrt");
      case POW ->
          new Expression.Power(
              expression(message.getPow().getBase(), path + ".pow.base"),
              expression(message.getPow().getExponent(), path + ".pow.exponent"));
      case EXP -> applied(Expression.Function.EXPONENTIAL, message.getExp(), path + ".exp");
      case LOG10 -> applied(Expression.Function.LOG_10, message.getLog10(), path + ".log10");
      case LN -> applied(Expression.Function.LOG_NATURAL, message.getLn(), path + ".ln");
      case EXP_DECAY ->
          decay(Expression.Shape.EXPONENTIAL, message.getExpDecay(), path + ".exp_decay");
      case GAUSS_DECAY ->
          decay(Expression.Shape.GAUSSIAN, message.getGaussDecay(), path + ".gauss_decay");
      case LIN_DECAY -> decay(Expression.Shape.LINEAR, message.getLinDecay(), path + ".lin_decay");
      case VARIANT_NOT_SET -> throw Rules.unset(path);
    };
  }

  private static List<Expression> list(
      List<dev.eddy.proto.qdrant.Expression> messages, String path) {
    return messages.stream().map(message -> expression(message, path)).toList();
  }

  private static Expression applied(
      Expression.Function function, dev.eddy.proto.qdrant.Expression to, String path) {
    return new Expression.Applied(function, expression(to, path));
  }

  private static Expression geoDistance(GeoDistance message, String path) {
    GeoPoint origin =
        QdrantPredicates.geo(message.hasOrigin(), message.getOrigin(), path + ".origin");
    return new Expression.GeoDistance(origin, KeyPath.parse(message.getTo()));
  }

  private static Expression moment(String text) {
    OptionalLong micros = Datetimes.parseMicros(text);
    if (micros.isEmpty()) {
      throw EddyException.wrongInput("Expected datetime in supported format, got '" + text + "'");
    }
    return new Expression.Moment(micros.getAsLong() / 1e6);
  }

  private static Expression decay(
      Expression.Shape shape, DecayParamsExpression message, String path) {
    return new Expression.Decay(
        shape,
        expression(message.getX(), path + ".x"),
        message.hasTarget() ? expression(message.getTarget(), path + ".target") : null,
        message.hasScale() ? message.getScale() : Expression.Decay.SCALE_DEFAULT,
        message.hasMidpoint() ? message.getMidpoint() : Expression.Decay.MIDPOINT_DEFAULT);
  }

  private static double finite(double value, String path) {
    if (!Double.isFinite(value)) {
      RuleBook.note("%s: value %s invalid, must be a finite number".formatted(path, value));
      return 0;
    }
    return value;
  }
}
