package dev.eddy.model.query;

import dev.eddy.model.error.EddyException;
import dev.eddy.model.filter.Condition;
import dev.eddy.model.filter.FieldPredicate.GeoPoint;
import dev.eddy.model.json.KeyPath;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A number computed for a point. */
public sealed interface Expression {
  /** What variables for scores start with. */
  String SCORE_VARIABLE = "$score";

  /**
   * The variable of this name: {@code $score}, {@code $score[2]}, or a path into the payload.
   *
   * @throws EddyException "Wrong input" when it is neither
   */
  static Expression variable(String text) {
    if (!text.startsWith(SCORE_VARIABLE)) {
      return new Field(KeyPath.parse(text));
    }
    String index = text.substring(SCORE_VARIABLE.length());
    if (index.isEmpty()) {
      return new Score(text, 0);
    }
    if (index.matches("\\[\\d{1,9}]")) {
      return new Score(text, Integer.parseInt(index.substring(1, index.length() - 1)));
    }
    throw EddyException.wrongInput("Invalid score pattern: " + text);
  }

  record Constant(double value) implements Expression {}

  /**
   * The score of the point in a prefetch.
   *
   * @param text the variable as it was written, the name of its default
   * @param prefetch counted from 0
   */
  record Score(String text, int prefetch) implements Expression {}

  /** A number of the payload. */
  record Field(KeyPath key) implements Expression {}

  /** 1 where the condition holds, else 0. */
  record Check(Condition condition) implements Expression {}

  /** Metres between a place and that of the payload. */
  record GeoDistance(GeoPoint origin, KeyPath to) implements Expression {}

  /** Seconds since 1970 UTC. */
  record Moment(double seconds) implements Expression {}

  /** A date-time of the payload, in seconds since 1970 UTC. */
  record MomentField(KeyPath key) implements Expression {}

  record Product(List<Expression> factors) implements Expression {
    public Product {
      factors = List.copyOf(factors);
    }
  }

  record Sum(List<Expression> terms) implements Expression {
    public Sum {
      terms = List.copyOf(terms);
    }
  }

  /**
   * A quotient.
   *
   * @param byZero its value where the divisor is 0; null = an error
   */
  record Quotient(Expression left, Expression right, @Nullable Double byZero)
      implements Expression {}

  record Power(Expression base, Expression exponent) implements Expression {}

  /** A function of one number. */
  record Applied(Function function, Expression to) implements Expression {}

  /** Functions of one number. */
  enum Function {
    NEGATE,
    ABSOLUTE,
    SQUARE_ROOT,
    EXPONENTIAL,
    LOG_10,
    LOG_NATURAL
  }

  /**
   * Falls from 1 with the distance of a number from a target.
   *
   * @param target null = 0
   * @param scale above 0: the distance at which it has fallen to the midpoint
   * @param midpoint between 0 and 1, both excluded
   */
  record Decay(
      Shape shape, Expression x, @Nullable Expression target, double scale, double midpoint)
      implements Expression {
    public static final double SCALE_DEFAULT = 1.0;
    public static final double MIDPOINT_DEFAULT = 0.5;
  }

  /** How a decay falls. */
  enum Shape {
    LINEAR,
    EXPONENTIAL,
    GAUSSIAN
  }
}
