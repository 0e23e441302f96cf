package dev.eddy.proto.shard;

import com.google.protobuf.ByteString;
import dev.eddy.model.collection.FieldIndex;
import dev.eddy.model.json.JsonCodec;
import dev.eddy.model.json.JsonValue;
import dev.eddy.model.json.JsonValue.JsonObject;
import dev.eddy.model.json.KeyPath;
import dev.eddy.model.point.Vector;
import dev.eddy.model.query.Expression;
import dev.eddy.model.query.Ordering;
import dev.eddy.model.query.Ranking;
import dev.eddy.proto.mapping.Bytes;
import dev.eddy.proto.mapping.PointMessages;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Rankings as messages; see {@link ShardMessages}. */
final class RankingMessages {
  private RankingMessages() {}

  static RankingMessage ranking(Ranking ranking) {
    RankingMessage.Builder builder = RankingMessage.newBuilder();
    switch (ranking) {
      case Ranking.Nearest(Vector vector) -> builder.setNearest(vector(vector));
      case Ranking.BestScore best ->
          builder.setBestScore(examples(best.positive(), best.negative()));
      case Ranking.SumScores sum -> builder.setSumScores(examples(sum.positive(), sum.negative()));
      case Ranking.Discover(Vector target, List<Ranking.Pair> context) ->
          builder.setDiscover(
              DiscoverMessage.newBuilder()
                  .setTarget(vector(target))
                  .addAllPairs(context.stream().map(RankingMessages::pair).toList()));
      case Ranking.Context(List<Ranking.Pair> pairs) ->
          builder.setContext(
              PairsMessage.newBuilder()
                  .addAllPairs(pairs.stream().map(RankingMessages::pair).toList()));
      case Ranking.Feedback feedback -> builder.setFeedback(feedback(feedback));
      case Ranking.Formula(Expression expression, Map<String, JsonValue> defaults) ->
          builder.setFormula(
              FormulaMessage.newBuilder()
                  .setExpression(ExpressionMessages.expression(expression))
                  .setDefaults(ByteString.copyFrom(JsonCodec.write(new JsonObject(defaults)))));
      case Ranking.Sample(long seed) -> builder.setSample(seed);
      case Ranking.Ordered ordered -> builder.setOrdered(ordered(ordered));
      case Ranking.ById ignored -> builder.setById(ByIdMessage.getDefaultInstance());
    }
    return builder.build();
  }

  static Ranking ranking(RankingMessage message) {
    return switch (message.getRankingCase()) {
      case NEAREST -> new Ranking.Nearest(vector(message.getNearest()));
      case BEST_SCORE ->
          new Ranking.BestScore(
              vectors(message.getBestScore().getPositiveList()),
              vectors(message.getBestScore().getNegativeList()));
      case SUM_SCORES ->
          new Ranking.SumScores(
              vectors(message.getSumScores().getPositiveList()),
              vectors(message.getSumScores().getNegativeList()));
      case DISCOVER ->
          new Ranking.Discover(
              vector(message.getDiscover().getTarget()),
              pairs(message.getDiscover().getPairsList()));
      case CONTEXT -> new Ranking.Context(pairs(message.getContext().getPairsList()));
      case FEEDBACK ->
          new Ranking.Feedback(
              vector(message.getFeedback().getTarget()),
              message.getFeedback().getFactor(),
              message.getFeedback().getPairsList().stream()
                  .map(pair -> new Ranking.WeightedPair(pair(pair), pair.getWeight()))
                  .toList());
      case FORMULA ->
          new Ranking.Formula(
              ExpressionMessages.expression(message.getFormula().getExpression()),
              defaults(message.getFormula().getDefaults()));
      case SAMPLE -> new Ranking.Sample(message.getSample());
      case ORDERED -> ordered(message.getOrdered());
      case BY_ID -> Ranking.ById.BY_ID;
      case RANKING_NOT_SET -> throw new IllegalArgumentException("ranking is not set");
    };
  }

  private static Map<String, JsonValue> defaults(ByteString json) {
    try {
      if (JsonCodec.parse(json.toByteArray()) instanceof JsonObject(var members)) {
        return members;
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("defaults do not parse", e);
    }
    throw new IllegalArgumentException("defaults are no object");
  }

  private static OrderedMessage ordered(Ranking.Ordered ordered) {
    OrderedMessage.Builder builder =
        OrderedMessage.newBuilder()
            .setKey(ordered.ordering().key().text())
            .setDescending(ordered.ordering().isDescending())
            .setType(ordered.type().name());
    switch (ordered.ordering().startFrom()) {
      case null -> {}
      case Ordering.Start.Whole(long value) -> builder.setWhole(value);
      case Ordering.Start.Real(double value) -> builder.setReal(value);
      case Ordering.Start.Moment(long micros) -> builder.setMoment(micros);
    }
    return builder.build();
  }

  private static Ranking ordered(OrderedMessage message) {
    Ordering.Start start =
        switch (message.getStartCase()) {
          case WHOLE -> new Ordering.Start.Whole(message.getWhole());
          case REAL -> new Ordering.Start.Real(message.getReal());
          case MOMENT -> new Ordering.Start.Moment(message.getMoment());
          case START_NOT_SET -> null;
        };
    return new Ranking.Ordered(
        new Ordering(KeyPath.parse(message.getKey()), message.getDescending(), start),
        FieldIndex.Type.valueOf(message.getType()));
  }

  private static FeedbackMessage feedback(Ranking.Feedback feedback) {
    FeedbackMessage.Builder builder =
        FeedbackMessage.newBuilder()
            .setTarget(vector(feedback.target()))
            .setFactor(feedback.factor());
    for (Ranking.WeightedPair weighted : feedback.pairs()) {
      builder.addPairs(pair(weighted.pair()).toBuilder().setWeight(weighted.weight()));
    }
    return builder.build();
  }

  private static ExamplesMessage examples(List<Vector> positive, List<Vector> negative) {
    return ExamplesMessage.newBuilder()
        .addAllPositive(positive.stream().map(RankingMessages::vector).toList())
        .addAllNegative(negative.stream().map(RankingMessages::vector).toList())
        .build();
  }

  private static PairMessage pair(Ranking.Pair pair) {
    return PairMessage.newBuilder()
        .setPositive(vector(pair.positive()))
        .setNegative(vector(pair.negative()))
        .build();
  }

  private static Ranking.Pair pair(PairMessage message) {
    return new Ranking.Pair(vector(message.getPositive()), vector(message.getNegative()));
  }

  private static List<Ranking.Pair> pairs(List<PairMessage> messages) {
    return messages.stream().map(RankingMessages::pair).toList();
  }

  private static List<Vector> vectors(List<VectorMessage> messages) {
    return messages.stream().map(RankingMessages::vector).toList();
  }

  private static VectorMessage vector(Vector vector) {
    VectorMessage.Builder builder = VectorMessage.newBuilder();
    switch (vector) {
      case Vector.Dense dense -> builder.setDense(Bytes.ofFloats(dense.values()));
      case Vector.Sparse sparse -> builder.setSparse(PointMessages.sparse(sparse));
      case Vector.Multi multi -> builder.setMulti(PointMessages.multi(multi));
    }
    return builder.build();
  }

  private static Vector vector(VectorMessage message) {
    return switch (message.getValueCase()) {
      case DENSE -> new Vector.Dense(Bytes.floats(message.getDense()));
      case SPARSE -> PointMessages.sparse(message.getSparse());
      case MULTI -> PointMessages.multi(message.getMulti());
      case VALUE_NOT_SET -> throw new IllegalArgumentException("vector of a ranking is not set");
    };
  }
}
