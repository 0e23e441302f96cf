package dev.eddy.controller;

import dev.eddy.kafka.client.ClientPresets;
import dev.eddy.kafka.meta.FencedException;
import dev.eddy.kafka.meta.MetaLogWriter;
import dev.eddy.kafka.meta.MetaWrite;
import dev.eddy.kafka.meta.MetaWriteUnknownException;
import dev.eddy.kafka.topic.TopicCatalogue;
import dev.eddy.model.cluster.MetaChange;
import dev.eddy.proto.meta.MetaRecordCodec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Decisions as transactions on the metadata topic; opening one fences all older ones. */
final class KafkaDecisionLog implements DecisionLog {
  private final MetaLogWriter writer;

  private KafkaDecisionLog(MetaLogWriter writer) {
    this.writer = writer;
  }

  static KafkaDecisionLog open(ClientPresets presets, TopicCatalogue catalogue) {
    try {
      return new KafkaDecisionLog(
          MetaLogWriter.open(presets, catalogue.meta(), catalogue.controllerTransactionalId()));
    } catch (FencedException | MetaWriteUnknownException e) {
      throw new DeposedException("the decision log could not be opened: " + e.getMessage(), e);
    }
  }

  @Override
  public List<Long> write(List<MetaChange> changes) {
    try {
      return writer.write(
          changes.stream()
              .map(change ->
                  new MetaWrite(
                      change.key().getBytes(StandardCharsets.UTF_8),
                      MetaRecordCodec.encode(change)))
              .toList());
    } catch (FencedException | MetaWriteUnknownException e) {
      throw new DeposedException(String.valueOf(e.getMessage()), e);
    } catch (IllegalStateException e) {
      throw new DeposedException("the decision log is closed", e);
    }
  }

  @Override
  public void close() {
    writer.close();
  }
}
