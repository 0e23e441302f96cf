package dev.eddy.standalone.role;

import dev.eddy.index.NodeFolder;
import dev.eddy.ingest.IngestNode;
import dev.eddy.ingest.inbox.InboxSettings;
import java.util.concurrent.CompletableFuture;

/** The inbox pipeline as a process of its own. */
public final class IngestRole {

  private IngestRole() {}

  public static RunningRole startProcess(ProcessSettings settings, String bootstrapServers) {
    return Closing.opening(parts -> {
      CompletableFuture<Throwable> failure = new CompletableFuture<>();
      NodeFolder node = parts.add(NodeFolder.open(settings.data(), settings.cluster()));
      KafkaAccess kafka = parts.add(KafkaAccess.open(bootstrapServers, settings.cluster()));
      NodeSelf self = new NodeSelf(node.nodeId(), node.incarnation(), kafka.view());
      self.ingests(parts.add(start(kafka, node.nodeId())));
      parts.add(Reporting.start(kafka, self, failure));
      return new RunningRole(
          "ingest", "inbox topic " + kafka.topics().points(), failure, parts::close);
    });
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
}
