package dev.eddy.kafka.client;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes every Kafka client of the project, so that acknowledgement, isolation and reset policy are
 * decided in one place.
 *
 * @param bootstrapServers {@code host:port[,host:port]}
 * @param cluster the cluster's name, prefix of client ids
 * @param extra settings added to every client, for instance for TLS and SASL; they cannot override
 *     what correctness needs
 */
public record ClientPresets(String bootstrapServers, String cluster, Map<String, String> extra) {
  /** How long an append is tried before its outcome is unknown. */
  public static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(10);

  /** How long a send may block its caller, for a topic's metadata. */
  public static final Duration MAX_BLOCK = Duration.ofSeconds(1);

  /**
   * Largest uncompressed request in bytes; above the log's limit on a record, which is checked
   * before sending.
   */
  public static final int REQUEST_MAX_BYTES = (16 << 20) + (64 << 10);

  private static final int KIB = 1 << 10;
  private static final int MIB = 1 << 20;

  public ClientPresets {
    requireNonNull(bootstrapServers, "bootstrapServers");
    requireNonNull(cluster, "cluster");
    extra = Map.copyOf(extra);
  }

  /** Presets without extra settings. */
  public ClientPresets(String bootstrapServers, String cluster) {
    this(bootstrapServers, cluster, Map.of());
  }

  /**
   * Producer for point logs and other plain topics: acknowledged by all in-sync replicas,
   * idempotent, no lingering. Under load batches form by themselves behind the five requests in
   * flight.
   */
  public KafkaProducer<byte[], byte[]> producer(String role) {
    return new KafkaProducer<>(
        producerSettings(role), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** The settings behind {@link #producer}. */
  public Map<String, Object> producerSettings(String role) {
    Map<String, Object> settings = common(role);
    settings.put("acks", "all");
    settings.put("enable.idempotence", true);
    settings.put("max.in.flight.requests.per.connection", 5);
    settings.put("delivery.timeout.ms", Math.toIntExact(DELIVERY_TIMEOUT.toMillis()));
    settings.put("request.timeout.ms", 5_000);
    settings.put("max.block.ms", MAX_BLOCK.toMillis());
    settings.put("linger.ms", 0);
    settings.put("batch.size", 64 * KIB);
    settings.put("buffer.memory", 160L * MIB);
    settings.put("max.request.size", REQUEST_MAX_BYTES);
    // Vectors hardly compress and the broker would have to decompress to validate.
    settings.put("compression.type", "none");
    settings.put("partitioner.ignore.keys", true); // Every send names its partition.
    settings.put("metadata.max.idle.ms", 600_000L);
    return settings;
  }

  /**
   * Producer whose records appear only when committed, and that fences every older one of the same
   * id.
   *
   * @param transactionTimeout how long an open transaction may block readers if its producer dies
   *     and nobody takes over
   */
  public KafkaProducer<byte[], byte[]> transactionalProducer(
      String role, String transactionalId, Duration transactionTimeout) {
    Map<String, Object> settings = producerSettings(role);
    settings.put("transactional.id", transactionalId);
    settings.put("transaction.timeout.ms", Math.toIntExact(transactionTimeout.toMillis()));
    settings.put("max.block.ms", DELIVERY_TIMEOUT.toMillis());
    settings.put("buffer.memory", 64L * MIB);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Consumer that is assigned and positioned by its owner: no group, no commits, only committed
   * records, and never a silent reset.
   *
   * @param fetchMaxWait longest time that a fetch waits at the broker; also how long a newly
   *     assigned partition may wait for its first fetch
   */
  public KafkaConsumer<byte[], byte[]> tailingConsumer(String role, Duration fetchMaxWait) {
    return new KafkaConsumer<>(
        tailingSettings(role, fetchMaxWait),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /** The settings behind {@link #tailingConsumer}. */
  public Map<String, Object> tailingSettings(String role, Duration fetchMaxWait) {
    Map<String, Object> settings = common(role);
    settings.put("enable.auto.commit", false);
    settings.put("auto.offset.reset", "none");
    settings.put("isolation.level", "read_committed");
    settings.put("allow.auto.create.topics", false);
    settings.put("fetch.min.bytes", 1);
    settings.put("fetch.max.wait.ms", Math.toIntExact(fetchMaxWait.toMillis()));
    settings.put("max.partition.fetch.bytes", 4 * MIB);
    settings.put("fetch.max.bytes", 32 * MIB);
    settings.put("max.poll.records", 5_000);
    settings.put("default.api.timeout.ms", 10_000);
    settings.put("request.timeout.ms", 5_000);
    return settings;
  }

  /** Admin client; each call fails after 10 s. */
  public Admin admin(String role) {
    Map<String, Object> settings = common(role);
    settings.put("default.api.timeout.ms", 10_000);
    settings.put("request.timeout.ms", 5_000);
    return Admin.create(settings);
  }

  private Map<String, Object> common(String role) {
    Map<String, Object> settings = new HashMap<>(extra);
    settings.put("bootstrap.servers", bootstrapServers);
    settings.put("client.id", cluster + "-" + role);
    // A broker that comes back is found within half a second.
    settings.put("reconnect.backoff.ms", 20L);
    settings.put("reconnect.backoff.max.ms", 500L);
    settings.put("retry.backoff.ms", 10L);
    settings.put("retry.backoff.max.ms", 500L);
    settings.put("socket.connection.setup.timeout.ms", 2_000L);
    settings.put("receive.buffer.bytes", -1);
    settings.put("send.buffer.bytes", -1);
    settings.put("enable.metrics.push", false);
    settings.put("metric.reporters", "");
    return settings;
  }
}
