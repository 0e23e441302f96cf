package dev.eddy.proto.shard;

import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.Ranking;
import dev.eddy.proto.RandomModel;
import java.util.Random;

/** Rankings and expressions of every kind, from a seed. */
final class RandomRanking {
  private final Random random;
  private final RandomModel model;

  RandomRanking(Random random, RandomModel model) {
    this.random = random;
    this.model = model;
  }

  Ranking ranking(int kind) {
    return switch (kind % 10) {
      case 0 -> new Ranking.Nearest(model.vector());
      case 1 -> new Ranking.BestScore(model.list(3, model::vector), model.list(3, model::vector));
      case 2 -> new Ranking.SumScores(model.list(3, model::vector), model.list(3, model::vector));
      case 3 -> new Ranking.Discover(model.vector(), model.list(3, this::pair));
      case 4 -> new Ranking.Context(model.list(3, this::pair));
      case 5 ->
          new Ranking.Feedback(
              model.vector(),
              random.nextFloat(),
              model.list(3, () -> new Ranking.WeightedPair(pair(), random.nextFloat())));
      case 6 -> new Ranking.Formula(expression(3), model.object(2).members());
      case 7 -> new Ranking.Sample(random.nextLong());
      case 8 ->
          new Ranking.Ordered(
              new Ordering(model.path(), random.nextBoolean(), model.maybe(this::start)),
              any(FieldIndex.Type.values()));
      default -> Ranking.ById.BY_ID;
    };
  }

  private Ordering.Start start() {
    return switch (random.nextInt(3)) {
      case 0 -> new Ordering.Start.Whole(random.nextLong());
      case 1 -> new Ordering.Start.Real(random.nextGaussian());
      default -> new Ordering.Start.Moment(random.nextLong());
    };
  }

  private Ranking.Pair pair() {
    return new Ranking.Pair(model.vector(), model.vector());
  }

  private Expression expression(int depth) {
    return switch (random.nextInt(depth > 0 ? 12 : 7)) {
      case 0 -> new Expression.Constant(random.nextGaussian());
      case 1 -> new Expression.Score("$score[3]", 3);
      case 2 -> new Expression.Field(model.path());
      case 3 -> new Expression.Check(model.condition(1));
      case 4 -> new Expression.GeoDistance(model.geo(), model.path());
      case 5 -> new Expression.Moment(random.nextGaussian());
      case 6 -> new Expression.MomentField(model.path());
      case 7 -> new Expression.Product(model.list(3, () -> expression(depth - 1)));
      case 8 -> new Expression.Sum(model.list(3, () -> expression(depth - 1)));
      case 9 ->
          new Expression.Quotient(
              expression(depth - 1), expression(depth - 1), model.maybe(random::nextGaussian));
      case 10 ->
          new Expression.Applied(
              any(Expression.Function.values()),
              new Expression.Power(expression(depth - 1), expression(depth - 1)));
      default ->
          new Expression.Decay(
              any(Expression.Shape.values()),
              expression(depth - 1),
              model.maybe(() -> expression(depth - 1)),
              random.nextDouble(),
              random.nextDouble());
    };
  }

  private <T> T any(T[] of) {
    return of[random.nextInt(of.length)];
  }
}
