package dev.eddy.bench.command;

import java.util.List;

/** What the engine is compared with; each is installed by its script on first use. */
enum Peer {
  HNSWLIB("bench/hnswlib/run"),
  USEARCH("bench/usearch/run"),
  LUCENE("bench/java-peers/run", "lucene"),
  JVECTOR("bench/java-peers/run", "jvector"),
  QDRANT_EDGE("bench/qdrant-edge/run");

  private final List<String> command;

  Peer(String... command) {
    this.command = List.of(command);
  }

  /** Takes a folder, dimension, m, ef_construct and threads after it. */
  List<String> command() {
    return command;
  }
}
