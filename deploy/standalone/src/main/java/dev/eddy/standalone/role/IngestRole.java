package dev.eddy.standalone.role;

import dev.eddy.ingest.IngestNode;
import dev.eddy.ingest.inbox.InboxSettings;
import java.util.concurrent.CompletableFuture;

/** The inbox pipeline as a process of its own. */
public final class IngestRole implements RunningRole {
  private final Closing parts;
  private final String addresses;
  private final CompletableFuture<Throwable> failure;

  private IngestRole(Closing parts, String addresses, CompletableFuture<Throwable> failure) {
    this.parts = parts;
    this.addresses = addresses;
    this.failure = failure;
  }

  public static IngestRole startProcess(ProcessSettings settings, String bootstrapServers) {
    Closing parts = new Closing();
    try {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      NodeIdentity identity = parts.add(NodeIdentity.open(settings.data()));
      KafkaAccess kafka = parts.add(KafkaAccess.open(bootstrapServers, settings.cluster()));
      NodeSelf self = new NodeSelf(identity.nodeId(), identity.incarnation(), kafka.view());
      self.ingests(parts.add(start(kafka, identity.nodeId())));
      parts.add(Reporting.start(kafka, self, failure));
      return new IngestRole(parts, "inbox topic " + kafka.topics().points(), failure);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  static IngestNode start(KafkaAccess kafka, String nodeId) {
    return IngestNode.start(
        kafka.presets(),
        kafka.topics(),
        kafka.admin(),
        kafka.view(),
        nodeId,
        InboxSettings.DEFAULT);
  }

  @Override
  public String name() {
    return "ingest";
  }

  @Override
  public String addresses() {
    return addresses;
  }

  @Override
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  @Override
  public void close() {
    parts.close();
  }
}
