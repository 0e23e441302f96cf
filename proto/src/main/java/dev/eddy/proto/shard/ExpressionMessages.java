package dev.eddy.proto.shard;

import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.query.Expression;
import dev.eddy.proto.mapping.FilterMessages;
import java.util.List;

/** Expressions of formulas as messages; see {@link ShardMessages}. */
final class ExpressionMessages {
  private ExpressionMessages() {}

  static ExpressionMessage expression(Expression expression) {
    ExpressionMessage.Builder builder = ExpressionMessage.newBuilder();
    switch (expression) {
      case Expression.Constant(double value) -> builder.setConstant(value);
      case Expression.Score(String text, int prefetch) ->
          builder.setScore(ScoreMessage.newBuilder().setText(text).setPrefetch(prefetch));
      case Expression.Field(KeyPath key) -> builder.setField(key.text());
      case Expression.Check(var condition) ->
          builder.setCheck(FilterMessages.filter(Filter.must(condition)));
      case Expression.GeoDistance(GeoPoint origin, KeyPath to) ->
          builder.setGeoDistance(
              GeoDistanceMessage.newBuilder()
                  .setLon(origin.lon())
                  .setLat(origin.lat())
                  .setTo(to.text()));
      case Expression.Moment(double seconds) -> builder.setMoment(seconds);
      case Expression.MomentField(KeyPath key) -> builder.setMomentField(key.text());
      case Expression.Product(List<Expression> factors) -> builder.setProduct(messages(factors));
      case Expression.Sum(List<Expression> terms) -> builder.setSum(messages(terms));
      case Expression.Quotient quotient -> builder.setQuotient(quotient(quotient));
      case Expression.Power(Expression base, Expression exponent) ->
          builder.setPower(
              PowerMessage.newBuilder()
                  .setBase(expression(base))
                  .setExponent(expression(exponent)));
      case Expression.Applied(Expression.Function function, Expression to) ->
          builder.setApplied(
              AppliedMessage.newBuilder().setFunction(function(function)).setTo(expression(to)));
      case Expression.Decay decay -> builder.setDecay(decay(decay));
    }
    return builder.build();
  }

  static Expression expression(ExpressionMessage message) {
    return switch (message.getExpressionCase()) {
      case CONSTANT -> new Expression.Constant(message.getConstant());
      case SCORE ->
          new Expression.Score(message.getScore().getText(), message.getScore().getPrefetch());
      case FIELD -> new Expression.Field(KeyPath.parse(message.getField()));
      case CHECK -> check(FilterMessages.filter(message.getCheck()));
      case GEO_DISTANCE ->
          new Expression.GeoDistance(
              new GeoPoint(message.getGeoDistance().getLon(), message.getGeoDistance().getLat()),
              KeyPath.parse(message.getGeoDistance().getTo()));
      case MOMENT -> new Expression.Moment(message.getMoment());
      case MOMENT_FIELD -> new Expression.MomentField(KeyPath.parse(message.getMomentField()));
      case PRODUCT -> new Expression.Product(expressions(message.getProduct()));
      case SUM -> new Expression.Sum(expressions(message.getSum()));
      case QUOTIENT ->
          new Expression.Quotient(
              expression(message.getQuotient().getLeft()),
              expression(message.getQuotient().getRight()),
              message.getQuotient().hasByZero()
                  ? (Double) message.getQuotient().getByZero()
                  : null);
      case POWER ->
          new Expression.Power(
              expression(message.getPower().getBase()),
              expression(message.getPower().getExponent()));
      case APPLIED ->
          new Expression.Applied(
              function(message.getApplied().getFunction()),
              expression(message.getApplied().getTo()));
      case DECAY -> decay(message.getDecay());
      case EXPRESSION_NOT_SET -> throw new IllegalArgumentException("expression is not set");
    };
  }

  private static Expression check(Filter filter) {
    if (filter.must().size() != 1) {
      throw new IllegalArgumentException("a check has one condition, got " + filter.must().size());
    }
    return new Expression.Check(filter.must().getFirst());
  }

  private static ExpressionsMessage messages(List<Expression> expressions) {
    return ExpressionsMessage.newBuilder()
        .addAllExpressions(expressions.stream().map(ExpressionMessages::expression).toList())
        .build();
  }

  private static List<Expression> expressions(ExpressionsMessage message) {
    return message.getExpressionsList().stream().map(ExpressionMessages::expression).toList();
  }

  private static QuotientMessage quotient(Expression.Quotient quotient) {
    QuotientMessage.Builder builder =
        QuotientMessage.newBuilder()
            .setLeft(expression(quotient.left()))
            .setRight(expression(quotient.right()));
    Double byZero = quotient.byZero();
    if (byZero != null) {
      builder.setByZero(byZero);
    }
    return builder.build();
  }

  private static DecayMessage decay(Expression.Decay decay) {
    DecayMessage.Builder builder =
        DecayMessage.newBuilder()
            .setShape(shape(decay.shape()))
            .setX(expression(decay.x()))
            .setScale(decay.scale())
            .setMidpoint(decay.midpoint());
    Expression target = decay.target();
    if (target != null) {
      builder.setTarget(expression(target));
    }
    return builder.build();
  }

  private static Expression decay(DecayMessage message) {
    return new Expression.Decay(
        shape(message.getShape()),
        expression(message.getX()),
        message.hasTarget() ? expression(message.getTarget()) : null,
        message.getScale(),
        message.getMidpoint());
  }

  private static FunctionMessage function(Expression.Function function) {
    return switch (function) {
      case NEGATE -> FunctionMessage.FUNCTION_NEGATE;
      case ABSOLUTE -> FunctionMessage.FUNCTION_ABSOLUTE;
      case SQUARE_ROOT -> FunctionMessage.FUNCTION_SQUARE_ROOT;
      case EXPONENTIAL -> FunctionMessage.FUNCTION_EXPONENTIAL;
      case LOG_10 -> FunctionMessage.FUNCTION_LOG_10;
      case LOG_NATURAL -> FunctionMessage.FUNCTION_LOG_NATURAL;
    };
  }

  private static Expression.Function function(FunctionMessage message) {
    return switch (message) {
      case FUNCTION_NEGATE -> Expression.Function.NEGATE;
      case FUNCTION_ABSOLUTE -> Expression.Function.ABSOLUTE;
      case FUNCTION_SQUARE_ROOT -> Expression.Function.SQUARE_ROOT;
      case FUNCTION_EXPONENTIAL -> Expression.Function.EXPONENTIAL;
      case FUNCTION_LOG_10 -> Expression.Function.LOG_10;
      case FUNCTION_LOG_NATURAL -> Expression.Function.LOG_NATURAL;
      case FUNCTION_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("unknown function " + message);
    };
  }

  private static ShapeMessage shape(Expression.Shape shape) {
    return switch (shape) {
      case LINEAR -> ShapeMessage.SHAPE_LINEAR;
      case EXPONENTIAL -> ShapeMessage.SHAPE_EXPONENTIAL;
      case GAUSSIAN -> ShapeMessage.SHAPE_GAUSSIAN;
    };
  }

  private static Expression.Shape shape(ShapeMessage message) {
    return switch (message) {
      case SHAPE_LINEAR -> Expression.Shape.LINEAR;
      case SHAPE_EXPONENTIAL -> Expression.Shape.EXPONENTIAL;
      case SHAPE_GAUSSIAN -> Expression.Shape.GAUSSIAN;
      case SHAPE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("unknown shape " + message);
    };
  }
}
