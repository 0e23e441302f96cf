package dev.eddy.controller;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.CollectionAdmin;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Changes of collections by the controller of this very node. Where it has none, calls fail with
 * UNAVAILABLE and nothing has happened. Safe from any thread.
 */
final class LeadingAdmin implements Controller {
  private final Supplier<Optional<Term>> term;

  LeadingAdmin(Supplier<Optional<Term>> term) {
    this.term = term;
  }

  boolean isLeading() {
    return term.get().isPresent();
  }

  @Override
  public CollectionAdmin change(ChangeId id) {
    return new Asked(id);
  }

  private final class Asked implements CollectionAdmin {
    private final ChangeId id;

    Asked(ChangeId id) {
      this.id = id;
    }

    @Override
    public void create(String name, CollectionSpec spec, Duration timeout) {
      call(changes -> changes.create(id, name, spec), timeout);
    }

    @Override
    public void update(String name, CollectionChange change, Duration timeout) {
      call(changes -> changes.update(id, name, change), timeout);
    }

    @Override
    public boolean delete(String name, Duration timeout) {
      return call(changes -> changes.drop(id, name), timeout);
    }

    @Override
    public void updateAliases(List<AliasAction> actions, Duration timeout) {
      call(changes -> changes.updateAliases(id, actions), timeout);
    }

    @Override
    public void setQuotas(QuotaConfig quotas, Duration timeout) {
      call(changes -> changes.setQuotas(id, quotas), timeout);
    }
  }

  private boolean call(
      Function<RecordedChanges, CompletableFuture<Boolean>> change, Duration timeout) {
    Term current = term.get().orElseThrow(LeadingAdmin::notLeading);
    CompletableFuture<Boolean> answer = current.submit(change);
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      answer.cancel(false);
      throw new EddyException(
          ErrorCode.TIMEOUT,
          "the change was not known to every node within %d ms; it may still happen"
              .formatted(timeout.toMillis()),
          e);
    } catch (InterruptedException e) {
      answer.cancel(false);
      Thread.currentThread().interrupt();
      throw new EddyException(ErrorCode.OUTCOME_UNKNOWN, "interrupted during the change", e);
    } catch (ExecutionException e) {
      throw switch (e.getCause()) {
        case EddyException known -> known;
        case NotLeadingException _ -> notLeading();
        case null, default ->
            new EddyException(ErrorCode.INTERNAL, "the change failed: " + e.getCause(), e);
      };
    }
  }

  private static EddyException notLeading() {
    return new EddyException(ErrorCode.UNAVAILABLE, "this node hosts no controller");
  }
}
