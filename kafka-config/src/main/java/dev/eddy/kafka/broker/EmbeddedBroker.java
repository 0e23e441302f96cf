package dev.eddy.kafka.broker;

import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * One KRaft broker and controller in this JVM.
 *
 * <p>Durability: an acknowledged record is in the operating system's page cache, not necessarily on
 * disk. It survives the death of this process, kill -9 included, and a restart in a new JVM; a
 * power cut or a crash of the machine can cost the last seconds. Clusters that must survive that
 * run three real brokers on three machines.
 *
 * <p>Threading: all methods are safe from any thread. Topics are never created by use. The embedded
 * broker speaks plaintext without authentication, so listening beyond loopback is the caller's
 * decision.
 *
 * <p>It does not create topics and does not verify them; see {@code TopicAdmin} and {@code
 * TopicVerifier}.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
  private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ACTIVATION_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ACTIVATION_PAUSE = Duration.ofMillis(1);

  private final BrokerSettings settings;
  private final DataFolder folder;
  private final BoundSockets sockets;
  private final BrokerFaults faults;
  private final SkippingTime time = new SkippingTime();
  private final ControllerServer controller;
  private final BrokerServer broker;
  private final String clusterId;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private EmbeddedBroker(BrokerSettings settings, DataFolder folder, BoundSockets sockets)
      throws Exception {
    this.settings = settings;
    this.folder = folder;
    this.sockets = sockets;
    this.faults = new BrokerFaults();
    KafkaConfig config = new KafkaConfig(BrokerProperties.of(settings, folder, sockets), false);
    formatIfNew(folder);
    Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> folders =
        KafkaRaftServer.initializeLogDirs(config, LOG, "");
    this.clusterId = folders._1().clusterId().orElseThrow();
    SharedServer shared =
        new SharedServer(
            config,
            folders._1(),
            time,
            new Metrics(),
            CompletableFuture.completedFuture(voters(sockets)),
            List.<InetSocketAddress>of(),
            faults,
            sockets);
    this.controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), folders._2());
    this.broker = new BrokerServer(shared);
  }

  private static Map<Integer, InetSocketAddress> voters(BoundSockets sockets) {
    return QuorumConfig.parseVoterConnections(
        List.of(
            "%d@%s:%d"
                .formatted(
                    BrokerProperties.NODE_ID,
                    BrokerProperties.LOOPBACK,
                    sockets.port(BrokerProperties.CONTROLLER))));
  }

  /**
   * Starts a broker and returns when it serves.
   *
   * @throws PortInUseException if the port is taken
   * @throws DataFolderLockedException if another broker works in the folder
   * @throws BrokerStartException if it cannot start for another reason
   */
  public static EmbeddedBroker start(BrokerSettings settings) {
    long startNanos = System.nanoTime();
    DataFolder folder = DataFolder.open(settings.dataFolder());
    BoundSockets sockets = new BoundSockets();
    EmbeddedBroker started = null;
    try {
      sockets.bind(BrokerProperties.EXTERNAL, settings.host(), settings.port());
      sockets.bind(BrokerProperties.INTERNAL, BrokerProperties.LOOPBACK, 0);
      sockets.bind(BrokerProperties.CONTROLLER, BrokerProperties.LOOPBACK, 0);
      EmbeddedBroker embedded = new EmbeddedBroker(settings, folder, sockets);
      embedded.startServers();
      started = embedded;
      LOG.info(
          "event=broker_started cluster={} address={} duration_ms={}",
          embedded.clusterId,
          embedded.bootstrapServers(),
          (System.nanoTime() - startNanos) / 1_000_000);
      return embedded;
    } catch (BrokerStartException e) {
      throw e;
    } catch (Exception e) {
      throw new BrokerStartException(
          "the embedded broker in %s could not start: %s".formatted(settings.dataFolder(), e), e);
    } finally {
      if (started == null) {
        closeQuietly(sockets);
        closeQuietly(folder);
      }
    }
  }

  private void startServers() {
    try {
      // The controller first: the broker registers with it.
      controller.startup();
      endFormerSession();
      broker.startup();
    } catch (RuntimeException | Error e) {
      shutDownServers();
      throw e;
    }
  }

  /** Makes the controller forget the broker of before a crash; see {@link SkippingTime}. */
  private void endFormerSession() {
    long deadline = System.nanoTime() + ACTIVATION_TIMEOUT.toNanos();
    while (!controller.controller().isActive() && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(ACTIVATION_PAUSE.toNanos());
    }
    try {
      // Goes through the controller's queue: when it is answered, the activation before it is done
      // and the old session's time has begun.
      ControllerRequestContext context =
          new ControllerRequestContext(
              new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty());
      controller
          .controller()
          .findAllTopicIds(context)
          .get(ACTIVATION_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      time.skip(BrokerProperties.SESSION_TIMEOUT.plusSeconds(1));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "event=former_session_kept cluster={}",
          clusterId,
          e); // Then it ends by itself, only later.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void formatIfNew(DataFolder folder) throws Exception {
    if (Files.exists(folder.logFolder().resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
      return;
    }
    // Written last by the formatter: without it an earlier format was cut short, and formatting
    // again is safe.
    try (PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(silent)
          .setNodeId(BrokerProperties.NODE_ID)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName(BrokerProperties.CONTROLLER)
          .addDirectory(folder.logFolder().toString())
          .setMetadataLogDirectory(folder.logFolder().toString())
          .setIgnoreFormatted(true)
          .run();
    }
  }

  /** What clients on other machines connect to: {@code advertisedHost:port}. */
  public String bootstrapServers() {
    return settings.advertisedHost() + ":" + port();
  }

  /**
   * What clients in this JVM should use: a loopback address that works whatever host is advertised.
   */
  public String localBootstrapServers() {
    return BrokerProperties.LOOPBACK + ":" + sockets.port(BrokerProperties.INTERNAL);
  }

  /** The port that it listens on, also where 0 was asked for. */
  public int port() {
    return sockets.port(BrokerProperties.EXTERNAL);
  }

  /** The cluster id, made when the data folder was first used. */
  public String clusterId() {
    return clusterId;
  }

  /**
   * Completes with the fault if the broker fails for good; its owner should then end the process.
   */
  public CompletableFuture<Throwable> failure() {
    return faults.fatal().copy();
  }

  /**
   * Finishes what is being served, flushes the logs to disk and releases port and folder. Further
   * calls do nothing.
   */
  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      shutDownServers();
      closeQuietly(sockets);
      closeQuietly(folder);
      LOG.info("event=broker_stopped cluster={}", clusterId);
    }
  }

  private void shutDownServers() {
    // The broker first: it hands over to the controller.
    try {
      broker.shutdown(SHUTDOWN_TIMEOUT);
    } finally {
      controller.shutdown();
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      LOG.warn("event=close_failed what={}", closeable.getClass().getSimpleName(), e);
    }
  }
}
