package dev.eddy.query.strict;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.Generation;
import dev.eddy.model.collection.CollectionSpec;
import dev.eddy.model.collection.Declaration;
import dev.eddy.model.collection.StrictMode;
import dev.eddy.model.error.EddyException;
import dev.eddy.model.error.ErrorCode;
import dev.eddy.model.filter.Filter;
import dev.eddy.model.point.Point;
import dev.eddy.model.point.PointId;
import dev.eddy.model.point.PointVectors;
import dev.eddy.model.point.Vector;
import dev.eddy.model.point.Vectors;
import dev.eddy.model.update.PointSelection;
import dev.eddy.model.update.Update;
import dev.eddy.query.collection.CollectionInfo;
import dev.eddy.query.fanout.Generations;
import dev.eddy.query.quota.Growth;
import dev.eddy.query.quota.NodeUse;
import dev.eddy.query.write.WriteOptions;
import dev.eddy.query.write.WriteResult;
import dev.eddy.query.write.WriteService;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Holds writes against the limits of their collections before they go on. */
public final class StrictWriteService implements WriteService {
  private final WriteService writes;
  private final Generations generations;
  private final RateLimits rates;
  private final Function<String, CollectionInfo> collections;
  private final Supplier<NodeUse> use;

  /**
   * @param collections asks what a collection has, by its own name
   * @param use asks how full this node is
   */
  public StrictWriteService(
      WriteService writes,
      Generations generations,
      RateLimits rates,
      Function<String, CollectionInfo> collections,
      Supplier<NodeUse> use) {
    this.writes = requireNonNull(writes, "writes");
    this.generations = requireNonNull(generations, "generations");
    this.rates = requireNonNull(rates, "rates");
    this.collections = requireNonNull(collections, "collections");
    this.use = requireNonNull(use, "use");
  }

  @Override
  public WriteResult write(String collection, Update update, WriteOptions options) {
    return writes.write(collection, update, checked(collection, List.of(update), options));
  }

  /** All are checked before the first is written. */
  @Override
  public List<WriteResult> writeBatch(
      String collection, List<Update> updates, WriteOptions options) {
    return writes.writeBatch(collection, updates, checked(collection, updates, options));
  }

  @Override
  public WriteResult declare(String collection, Declaration declaration, WriteOptions options) {
    WriteOptions bounded = checked(collection, List.of(), options);
    if (Growth.of(declaration)) {
      StrictLimits.of(generations.resolve(collection).spec()).ifPresent(this::checkMemory);
    }
    return writes.declare(collection, declaration, bounded);
  }

  private WriteOptions checked(String collection, List<Update> updates, WriteOptions options) {
    Generation generation = generations.resolve(collection);
    CollectionSpec spec = generation.spec();
    Optional<StrictMode> on = StrictLimits.of(spec);
    if (on.isEmpty()) {
      return options;
    }
    StrictMode limits = on.get();
    WriteOptions bounded =
        new WriteOptions(
            options.awaitApplied(),
            StrictLimits.timeout(limits, options.timeout(), WriteOptions.TIMEOUT_DEFAULT));
    FilterLimits filters = new FilterLimits(spec, limits, limits.unindexedFilteringUpdate());
    long tokens = 0;
    for (Update update : updates) {
      check(limits, filters, update);
      tokens += sizeOf(update);
    }
    checkSizes(limits, generation.name(), updates);
    if (updates.stream().anyMatch(Growth::of)) {
      checkMemory(limits);
    }
    if (tokens > 0) {
      rates.write(generation, limits.writeRateLimit(), tokens);
    }
    return bounded;
  }

  private void checkSizes(StrictMode limits, String collection, List<Update> updates) {
    boolean isGrowing = updates.stream().anyMatch(StrictWriteService::isGrowing);
    boolean bringsVectors = updates.stream().anyMatch(Growth::ofVectors);
    boolean bringsPayloads = updates.stream().anyMatch(Growth::ofPayloads);
    Long points = isGrowing ? limits.maxPointsCount() : null;
    Long vectors = bringsVectors ? limits.maxCollectionVectorSizeBytes() : null;
    Long payloads = bringsPayloads ? limits.maxCollectionPayloadSizeBytes() : null;
    if (points == null && vectors == null && payloads == null) {
      return;
    }
    CollectionInfo info = collections.apply(collection);
    below(info.points(), points, "Max points count limit of %d reached!");
    below(info.storage().vectors(), vectors, "Max vector storage size limit of %d bytes reached!");
    below(
        info.storage().payloads(), payloads, "Max payload storage size limit of %d bytes reached!");
  }

  private static void below(long size, @Nullable Long max, String text) {
    if (max != null && size >= max) {
      throw EddyException.badRequest(text.formatted(max));
    }
  }

  private void checkMemory(StrictMode limits) {
    Integer max = limits.maxResidentMemoryPercent();
    if (max == null) {
      return;
    }
    Integer resident = use.get().residentMemoryPercent();
    if (resident != null && resident >= max) {
      throw new EddyException(
          ErrorCode.INSUFFICIENT_STORAGE,
          "Quota exceeded: resident memory of this node is at %d%%, the limit max_resident_memory_percent of the collection is %d%%. Help: Delete data or raise the limit."
              .formatted(resident, max));
    }
  }

  private static void check(StrictMode limits, FilterLimits filters, Update update) {
    switch (update) {
      case Update.Upsert(List<Point> all) -> {
        StrictLimits.check(limits.upsertMaxBatchsize(), all.size(), "upsert limit");
        all.forEach(point -> check(limits, point.vectors()));
      }
      case Update.UpdateVectors(List<PointVectors> all) -> {
        StrictLimits.check(limits.upsertMaxBatchsize(), all.size(), "update limit");
        all.forEach(point -> check(limits, point.vectors()));
      }
      case Update.Conditional conditional -> {
        filters.check(conditional.filter());
        check(limits, filters, conditional.update());
      }
      case Update.Delete delete -> check(limits, filters, delete.selection());
      case Update.DeleteVectors delete -> check(limits, filters, delete.selection());
      case Update.SetPayload set -> check(limits, filters, set.selection());
      case Update.OverwritePayload set -> check(limits, filters, set.selection());
      case Update.DeletePayload delete -> check(limits, filters, delete.selection());
      case Update.ClearPayload clear -> check(limits, filters, clear.selection());
      case Update.Genesis ignored -> {}
      case Update.Configure ignored -> {}
      case Update.FromInbox ignored -> {}
      case Update.Noop ignored -> {}
    }
  }

  private static void check(StrictMode limits, FilterLimits filters, PointSelection selection) {
    switch (selection) {
      case PointSelection.Ids(List<PointId> ids) ->
          StrictLimits.check(limits.upsertMaxBatchsize(), ids.size(), "update limit");
      case PointSelection.Matching(Filter filter) -> filters.check(filter);
    }
  }

  private static void check(StrictMode limits, Vectors vectors) {
    vectors
        .byName()
        .forEach((name, vector) -> {
          switch (vector) {
            case Vector.Dense ignored -> {}
            case Vector.Multi(float[][] rows) ->
                within(
                    limits.multivectors().get(name),
                    rows.length,
                    "Multivector '%s' has a limit of %d vectors, but %d were provided!",
                    name);
            case Vector.Sparse(int[] indices, float[] ignored) ->
                within(
                    limits.sparseVectors().get(name),
                    indices.length,
                    "Sparse vector '%s' has a limit of %d indices, but %d were provided!",
                    name);
          }
        });
  }

  private static void within(StrictMode.@Nullable Bound bound, int size, String text, String name) {
    Long max = bound == null ? null : bound.max();
    if (max != null && size > max) {
      throw EddyException.badRequest(text.formatted(name, max, size));
    }
  }

  private static boolean isGrowing(Update update) {
    return switch (update) {
      case Update.Upsert ignored -> true;
      case Update.Conditional(Update inner, var mode, var ignored) ->
          isGrowing(inner) && mode != dev.eddy.model.update.UpdateMode.UPDATE_ONLY;
      default -> false;
    };
  }

  /** Points; those of a filter are one. */
  private static long sizeOf(Update update) {
    return switch (update) {
      case Update.Upsert(List<Point> all) -> all.size();
      case Update.UpdateVectors(List<PointVectors> all) -> all.size();
      case Update.Conditional conditional -> sizeOf(conditional.update());
      case Update.Delete delete -> sizeOf(delete.selection());
      case Update.DeleteVectors delete -> sizeOf(delete.selection());
      case Update.SetPayload set -> sizeOf(set.selection());
      case Update.OverwritePayload set -> sizeOf(set.selection());
      case Update.DeletePayload delete -> sizeOf(delete.selection());
      case Update.ClearPayload clear -> sizeOf(clear.selection());
      case Update.Genesis ignored -> 1;
      case Update.Configure ignored -> 1;
      case Update.FromInbox ignored -> 1;
      case Update.Noop ignored -> 1;
    };
  }

  private static long sizeOf(PointSelection selection) {
    return selection instanceof PointSelection.Ids(List<PointId> ids) ? ids.size() : 1;
  }
}
