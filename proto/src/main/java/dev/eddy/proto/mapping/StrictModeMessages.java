package dev.eddy.proto.mapping;

import dev.eddy.model.collection.StrictMode;
import dev.eddy.proto.model.StrictModeMessage;
import dev.eddy.proto.model.VectorBoundMessage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Limits of a collection, as messages. */
final class StrictModeMessages {
  private StrictModeMessages() {}

  static StrictModeMessage strictMode(StrictMode limits) {
    StrictModeMessage.Builder builder = StrictModeMessage.newBuilder();
    Present.set(limits.enabled(), builder::setEnabled);
    Present.set(limits.maxQueryLimit(), builder::setMaxQueryLimit);
    Present.set(limits.maxTimeout(), builder::setMaxTimeout);
    Present.set(limits.unindexedFilteringRetrieve(), builder::setUnindexedFilteringRetrieve);
    Present.set(limits.unindexedFilteringUpdate(), builder::setUnindexedFilteringUpdate);
    Present.set(limits.searchMaxHnswEf(), builder::setSearchMaxHnswEf);
    Present.set(limits.searchAllowExact(), builder::setSearchAllowExact);
    Present.set(limits.searchMaxOversampling(), builder::setSearchMaxOversampling);
    Present.set(limits.upsertMaxBatchsize(), builder::setUpsertMaxBatchsize);
    Present.set(limits.searchMaxBatchsize(), builder::setSearchMaxBatchsize);
    Present.set(limits.maxCollectionVectorSizeBytes(), builder::setMaxCollectionVectorSizeBytes);
    Present.set(limits.maxCollectionPayloadSizeBytes(), builder::setMaxCollectionPayloadSizeBytes);
    Present.set(limits.maxPointsCount(), builder::setMaxPointsCount);
    Present.set(limits.readRateLimit(), builder::setReadRateLimit);
    Present.set(limits.writeRateLimit(), builder::setWriteRateLimit);
    Present.set(limits.filterMaxConditions(), builder::setFilterMaxConditions);
    Present.set(limits.conditionMaxSize(), builder::setConditionMaxSize);
    limits.multivectors().forEach((name, max) -> builder.addMultivectors(bound(name, max)));
    limits.sparseVectors().forEach((name, max) -> builder.addSparseVectors(bound(name, max)));
    Present.set(limits.maxPayloadIndexCount(), builder::setMaxPayloadIndexCount);
    Present.set(limits.maxResidentMemoryPercent(), builder::setMaxResidentMemoryPercent);
    return builder.build();
  }

  static StrictMode strictMode(StrictModeMessage message) {
    return new StrictMode(
        message.hasEnabled() ? (Boolean) message.getEnabled() : null,
        message.hasMaxQueryLimit() ? (Integer) message.getMaxQueryLimit() : null,
        message.hasMaxTimeout() ? (Integer) message.getMaxTimeout() : null,
        message.hasUnindexedFilteringRetrieve()
            ? (Boolean) message.getUnindexedFilteringRetrieve()
            : null,
        message.hasUnindexedFilteringUpdate()
            ? (Boolean) message.getUnindexedFilteringUpdate()
            : null,
        message.hasSearchMaxHnswEf() ? (Integer) message.getSearchMaxHnswEf() : null,
        message.hasSearchAllowExact() ? (Boolean) message.getSearchAllowExact() : null,
        message.hasSearchMaxOversampling() ? (Double) message.getSearchMaxOversampling() : null,
        message.hasUpsertMaxBatchsize() ? (Long) message.getUpsertMaxBatchsize() : null,
        message.hasSearchMaxBatchsize() ? (Long) message.getSearchMaxBatchsize() : null,
        message.hasMaxCollectionVectorSizeBytes()
            ? (Long) message.getMaxCollectionVectorSizeBytes()
            : null,
        message.hasMaxCollectionPayloadSizeBytes()
            ? (Long) message.getMaxCollectionPayloadSizeBytes()
            : null,
        message.hasMaxPointsCount() ? (Long) message.getMaxPointsCount() : null,
        message.hasReadRateLimit() ? (Integer) message.getReadRateLimit() : null,
        message.hasWriteRateLimit() ? (Integer) message.getWriteRateLimit() : null,
        message.hasFilterMaxConditions() ? (Long) message.getFilterMaxConditions() : null,
        message.hasConditionMaxSize() ? (Long) message.getConditionMaxSize() : null,
        bounds(message.getMultivectorsList()),
        bounds(message.getSparseVectorsList()),
        message.hasMaxPayloadIndexCount() ? (Long) message.getMaxPayloadIndexCount() : null,
        message.hasMaxResidentMemoryPercent()
            ? (Integer) message.getMaxResidentMemoryPercent()
            : null);
  }

  private static VectorBoundMessage bound(String name, StrictMode.Bound bound) {
    VectorBoundMessage.Builder builder = VectorBoundMessage.newBuilder().setName(name);
    Present.set(bound.max(), builder::setMax);
    return builder.build();
  }

  private static Map<String, StrictMode.Bound> bounds(List<VectorBoundMessage> messages) {
    Map<String, StrictMode.Bound> bounds = new TreeMap<>();
    for (VectorBoundMessage message : messages) {
      bounds.put(
          message.getName(),
          new StrictMode.Bound(message.hasMax() ? (Long) message.getMax() : null));
    }
    return bounds;
  }
}
