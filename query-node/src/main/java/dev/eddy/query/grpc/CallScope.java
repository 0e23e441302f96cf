package dev.eddy.query.grpc;

import dev.eddy.model.answer.AnswerMeter;
import dev.eddy.model.limit.Limit;
import dev.eddy.model.query.ReadToken;
import dev.eddy.model.usage.Explanation;
import dev.eddy.model.usage.RequestUsage;
import dev.eddy.query.read.Coverage;
import dev.eddy.query.read.ExplainText;
import dev.eddy.query.write.WriteResult;
import io.grpc.Metadata;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one call says beside its messages: the reader's token, and what the answer covers. One per
 * call, used by its thread.
 */
final class CallScope {
  static final Metadata.Key<String> TOKEN =
      Metadata.Key.of("eddy-token", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> POSITIONS =
      Metadata.Key.of("eddy-positions", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> SHARDS =
      Metadata.Key.of("eddy-shards", Metadata.ASCII_STRING_MARSHALLER);
  static final Metadata.Key<String> EXPLAIN =
      Metadata.Key.of("eddy-explain", Metadata.ASCII_STRING_MARSHALLER);

  private static final ScopedValue<CallScope> CURRENT = ScopedValue.newInstance();

  private final @Nullable String requestToken;
  private final Metadata responseHeaders = new Metadata();
  private String collection = "";
  private volatile @Nullable Limit exceeded;

  private final AnswerMeter meter;
  private final boolean isUsageTold;
  private final boolean isExplained;

  /**
   * Makes one.
   *
   * @param meter of the memory of its answer
   * @param isUsageTold whether the answer says what the call used
   */
  CallScope(Metadata requestHeaders, AnswerMeter meter, boolean isUsageTold) {
    requestToken = requestHeaders.get(TOKEN);
    this.meter = meter;
    this.isUsageTold = isUsageTold;
    this.isExplained = "true".equals(requestHeaders.get(EXPLAIN));
  }

  /** That of the call that runs on this thread. */
  static CallScope current() {
    return CURRENT.isBound()
        ? CURRENT.get()
        : new CallScope(new Metadata(), AnswerMeter.single(Limit.ANSWER.standard()), false);
  }

  /** Does work of this call. */
  void during(Runnable work) {
    ScopedValue.where(CURRENT, this).run(work);
  }

  /**
   * The token of the request, or null.
   *
   * @throws dev.eddy.model.error.EddyException "Bad request" when it is none
   */
  @Nullable ReadToken token() {
    return requestToken == null ? null : ReadToken.decode(requestToken);
  }

  AnswerMeter meter() {
    return meter;
  }

  /**
   * Does a call's work, and counts what it uses, and explains it, where the answer is to say it.
   */
  <A> A counted(Supplier<A> work) {
    if (!isExplained) {
      return usageCounted(work);
    }
    Explanation explanation = new Explanation();
    A answer = explanation.during(() -> usageCounted(work));
    responseHeaders.put(EXPLAIN, ExplainText.of(explanation));
    return answer;
  }

  private <A> A usageCounted(Supplier<A> work) {
    return isUsageTold ? RequestUsage.counted(work) : work.get();
  }

  void about(String collectionName) {
    collection = collectionName;
  }

  String collection() {
    return collection;
  }

  /** Notes why the call is refused. */
  void exceeds(Limit limit) {
    exceeded = limit;
  }

  /** The limit of this node that the call is beyond. */
  Optional<Limit> exceeded() {
    return Optional.ofNullable(exceeded);
  }

  void covers(Coverage coverage) {
    responseHeaders.put(POSITIONS, coverage.positionsText());
    responseHeaders.put(SHARDS, coverage.shardsAnswered() + "/" + coverage.shardsAsked());
  }

  void wrote(WriteResult result) {
    responseHeaders.put(TOKEN, result.token().encode());
  }

  /** The token of all results together; they are of one generation, or the last one's counts. */
  void wrote(List<WriteResult> results) {
    if (results.isEmpty()) {
      return;
    }
    ReadToken last = results.getLast().token();
    TreeMap<Integer, Long> offsets = new TreeMap<>();
    for (WriteResult result : results) {
      if (result.token().collectionId().equals(last.collectionId())) {
        result
            .token()
            .offsets()
            .forEach((shard, offset) -> offsets.merge(shard, offset, Math::max));
      }
    }
    responseHeaders.put(
        TOKEN, new ReadToken(last.collectionId(), last.generation(), offsets).encode());
  }

  Metadata responseHeaders() {
    return responseHeaders;
  }
}
