package dev.eddy.controller;

import dev.eddy.model.cluster.ChangeId;
import dev.eddy.model.cluster.CollectionAdmin.AliasAction;
import dev.eddy.model.cluster.QuotaConfig;
import dev.eddy.model.collection.CollectionChange;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Changes of collections that are each decided once, however often they are asked for: the outcome
 * is written together with what was decided. Runs on the controller's thread.
 *
 * <p>(safety) Nothing is answered that was not written. So an answer, a refusal too, comes from a
 * controller that was not succeeded when it decided, and the successor of one that fell silent
 * knows of every change what became of it.
 */
final class RecordedChanges {
  private final Office office;
  private final CollectionChanges changes;

  RecordedChanges(Office office, CollectionChanges changes) {
    this.office = office;
    this.changes = changes;
  }

  CompletableFuture<Boolean> create(ChangeId id, String name, CollectionSpec spec) {
    return once(
        Outcome.done(id), () -> done(changes.create(name, spec)), () -> changes.created(name));
  }

  CompletableFuture<Boolean> update(ChangeId id, String name, CollectionChange change) {
    return once(
        Outcome.done(id), () -> done(changes.update(name, change)), () -> changes.updated(name));
  }

  /** False if there was none. */
  CompletableFuture<Boolean> drop(ChangeId id, String name) {
    return once(Outcome.done(id), () -> changes.drop(name), changes::known);
  }

  CompletableFuture<Boolean> updateAliases(ChangeId id, List<AliasAction> actions) {
    // Those before the one that fails stand, so the failure belongs to what is decided.
    Outcome outcome =
        AliasChange.of(office.state(), actions)
            .failed()
            .map(failure -> Outcome.failed(id, failure))
            .orElseGet(() -> Outcome.done(id));
    return once(outcome, () -> done(changes.updateAliases(actions)), changes::known);
  }

  CompletableFuture<Boolean> setQuotas(ChangeId id, QuotaConfig quotas) {
    return once(Outcome.done(id), () -> done(changes.setQuotas(quotas)), changes::known);
  }

  private static CompletableFuture<Boolean> done(CompletableFuture<?> change) {
    return change.thenApply(ignored -> true);
  }

  /**
   * Decides, or says again what was decided.
   *
   * @param outcome that the change has if it decides anything
   * @param again completes when the cluster knows of what was decided before
   */
  private CompletableFuture<Boolean> once(
      Outcome outcome,
      Supplier<CompletableFuture<Boolean>> change,
      Supplier<CompletableFuture<Boolean>> again) {
    Optional<Outcome> last = Outcome.last(office.state(), outcome.id());
    if (last.isPresent() && !last.get().id().isBefore(outcome.id())) {
      return repeat(last.get(), outcome.id(), again);
    }
    office.attach(outcome.note());
    try {
      CompletableFuture<Boolean> answer = change.get();
      if (office.detach()) {
        office.decide(withoutDecision(outcome, answer).note());
      }
      return answer;
    } catch (EddyException e) {
      if (office.detach() && e.code().kind() == ErrorCode.Kind.USER) {
        office.decide(Outcome.failed(outcome.id(), e).note());
      }
      throw e;
    } finally {
      office.detach();
    }
  }

  private static Outcome withoutDecision(Outcome outcome, CompletableFuture<Boolean> answer) {
    boolean isAbsent =
        answer.isDone() && !answer.isCompletedExceptionally() && !answer.getNow(true);
    return isAbsent ? Outcome.absent(outcome.id()) : outcome;
  }

  private CompletableFuture<Boolean> repeat(
      Outcome last, ChangeId id, Supplier<CompletableFuture<Boolean>> again) {
    if (!last.id().equals(id)) {
      throw new EddyException(
          ErrorCode.UNAVAILABLE, "whoever asked for this change has given it up: " + id);
    }
    return switch (last.kind()) {
      case ABSENT -> CompletableFuture.completedFuture(false);
      case DONE -> again.get();
      case FAILED ->
          changes.known().thenCompose(known -> CompletableFuture.failedFuture(last.failure()));
    };
  }
}
