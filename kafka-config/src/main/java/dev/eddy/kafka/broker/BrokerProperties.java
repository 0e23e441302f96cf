package dev.eddy.kafka.broker;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Kafka's configuration of the embedded broker: one node that is broker and controller, tuned
 * small.
 */
final class BrokerProperties {
  /** What clients on other machines use. */
  static final String EXTERNAL = "EXTERNAL";

  /**
   * What this JVM and the broker itself use: always loopback, so an advertised host that only the
   * outside can reach does no harm.
   */
  static final String INTERNAL = "INTERNAL";

  static final String CONTROLLER = "CONTROLLER";
  static final String LOOPBACK = "127.0.0.1";
  static final int NODE_ID = 1;

  /**
   * Long, since nobody could take over from the only broker: a stall of the machine must not take
   * its partitions offline.
   */
  static final Duration SESSION_TIMEOUT = Duration.ofSeconds(30);

  /** Largest record batch in bytes: the point log's 16 MiB, with room for the batch header. */
  private static final int MESSAGE_MAX_BYTES = (16 << 20) + (64 << 10);

  private BrokerProperties() {}

  static Map<String, String> of(BrokerSettings settings, DataFolder folder, BoundSockets sockets) {
    Map<String, String> properties = new HashMap<>();
    addListeners(properties, settings, sockets);
    addInternalTopics(properties);
    addGroups(properties);
    addThreads(properties, settings);
    properties.put("process.roles", "broker,controller");
    properties.put("node.id", Integer.toString(NODE_ID));
    properties.put("log.dirs", folder.logFolder().toString());
    properties.put("auto.create.topics.enable", "false");
    properties.put("delete.topic.enable", "true");
    properties.put("message.max.bytes", Integer.toString(MESSAGE_MAX_BYTES));
    properties.put("replica.fetch.max.bytes", Integer.toString(MESSAGE_MAX_BYTES));
    properties.put("log.segment.bytes", Integer.toString(settings.segmentBytes()));
    // The default keeps a deleted topic's files for a minute: thousands of collections come and go.
    properties.put("log.segment.delete.delay.ms", "1000");
    properties.put("log.retention.check.interval.ms", "30000");
    properties.put("unclean.leader.election.enable", "false");
    properties.put("broker.session.timeout.ms", Long.toString(SESSION_TIMEOUT.toMillis()));
    // Default 25 ms: every topic that is created or deleted would wait for it several times.
    properties.put("controller.quorum.append.linger.ms", "0");
    // An idle quorum writes a no-op record (with fsync) this often; the default is 500 ms.
    properties.put("metadata.max.idle.interval.ms", "5000");
    properties.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    properties.put("metric.reporters", "");
    return properties;
  }

  private static void addListeners(
      Map<String, String> properties, BrokerSettings settings, BoundSockets sockets) {
    int external = sockets.port(EXTERNAL);
    int internal = sockets.port(INTERNAL);
    int controller = sockets.port(CONTROLLER);
    properties.put(
        "listeners",
        listener(EXTERNAL, settings.host(), external)
            + ","
            + listener(INTERNAL, LOOPBACK, internal)
            + ","
            + listener(CONTROLLER, LOOPBACK, controller));
    properties.put(
        "advertised.listeners",
        listener(EXTERNAL, settings.advertisedHost(), external)
            + ","
            + listener(INTERNAL, LOOPBACK, internal));
    properties.put(
        "listener.security.protocol.map",
        "EXTERNAL:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
    properties.put("inter.broker.listener.name", INTERNAL);
    properties.put("controller.listener.names", CONTROLLER);
    properties.put("controller.quorum.voters", "%d@%s:%d".formatted(NODE_ID, LOOPBACK, controller));
  }

  private static String listener(String name, String host, int port) {
    String address = host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return name + "://" + address + ":" + port;
  }

  private static void addInternalTopics(Map<String, String> properties) {
    properties.put("offsets.topic.num.partitions", "1");
    properties.put("offsets.topic.replication.factor", "1");
    properties.put("transaction.state.log.num.partitions", "1");
    properties.put("transaction.state.log.replication.factor", "1");
    properties.put("transaction.state.log.min.isr", "1");
    properties.put("share.coordinator.state.topic.num.partitions", "1");
    properties.put("share.coordinator.state.topic.replication.factor", "1");
    properties.put("share.coordinator.state.topic.min.isr", "1");
    for (String topic :
        new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
      properties.put(topic + ".segment.bytes", Integer.toString(16 << 20));
    }
    properties.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
  }

  private static void addGroups(Map<String, String> properties) {
    properties.put("group.initial.rebalance.delay.ms", "0");
    // After kill -9 nothing may wait for a long session, so clients may ask for short ones.
    properties.put("group.min.session.timeout.ms", "1000");
    properties.put("group.consumer.min.session.timeout.ms", "1000");
    properties.put("group.consumer.min.heartbeat.interval.ms", "100");
  }

  private static void addThreads(Map<String, String> properties, BrokerSettings settings) {
    properties.put("num.io.threads", Integer.toString(settings.ioThreads()));
    properties.put("num.network.threads", Integer.toString(settings.networkThreads()));
    properties.put("background.threads", "2");
    properties.put("group.coordinator.threads", "1");
    properties.put("group.coordinator.background.threads", "1");
    properties.put("num.recovery.threads.per.data.dir", "2");
  }
}
