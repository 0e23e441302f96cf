package dev.eddy.query.metrics;

import static java.util.Objects.requireNonNull;

import dev.eddy.model.cluster.ClusterView;
import dev.eddy.model.limit.Limit;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The numbers of one query node. Safe from any thread. */
public final class QueryMetrics implements RequestMetrics, CoreMetrics {
  private final ClusterView view;
  private final String version;
  private final ResponseSeries rest = new ResponseSeries("rest");
  private final ResponseSeries grpc = new ResponseSeries("grpc");
  private final RefusalSeries refusals = new RefusalSeries();
  private final ResponseStat acknowledged = new ResponseStat();
  private final ResponseStat visible = new ResponseStat();
  private final ResponseStat heldBack = new ResponseStat();
  private final ResponseStat searches = new ResponseStat();
  private final List<Supplier<List<MetricSnapshot>>> more;

  /**
   * Creates them.
   *
   * @param version of the contract, as {@code app_info} shows it
   * @param more series of other parts of the process
   */
  public QueryMetrics(ClusterView view, String version, List<Supplier<List<MetricSnapshot>>> more) {
    this.view = requireNonNull(view, "view");
    this.version = requireNonNull(version, "version");
    this.more = List.copyOf(more);
  }

  @Override
  public void restAnswered(
      String method, String endpoint, String collection, int status, long durationNanos) {
    if (isCounted(endpoint)) {
      rest.add(new ResponseSeries.Key(method, endpoint, status, collection), durationNanos);
    }
  }

  @Override
  public void grpcAnswered(String endpoint, String collection, int status, long durationNanos) {
    if (isCounted(endpoint)) {
      grpc.add(new ResponseSeries.Key("", endpoint, status, collection), durationNanos);
    }
  }

  @Override
  public void restRefused(Limit limit) {
    refusals.addRest(limit);
  }

  @Override
  public void grpcRefused(Limit limit) {
    refusals.addGrpc(limit);
  }

  /** Searches, reads and updates; the contract leaves the others out. */
  private static boolean isCounted(String endpoint) {
    return endpoint.contains("/points")
        || endpoint.contains("/facet")
        || endpoint.contains("/index")
        || endpoint.contains("/vectors/")
        || endpoint.startsWith("/qdrant.Points/")
        || endpoint.startsWith("/eddy.v1.Points/");
  }

  @Override
  public void writeAcknowledged(long nanos) {
    acknowledged.add(nanos);
  }

  @Override
  public void writeVisible(long nanos) {
    visible.add(nanos);
  }

  @Override
  public void writeHeldBack(long nanos) {
    heldBack.add(nanos);
  }

  @Override
  public void searchAnswered(long nanos, int queries) {
    searches.add(nanos);
  }

  @Override
  public List<ResponseCount> responses(boolean perCollection) {
    List<ResponseCount> all = new ArrayList<>(rest.counts(perCollection));
    all.addAll(grpc.counts(perCollection));
    return all;
  }

  @Override
  public String exposition(boolean perCollection, boolean anonymize) {
    List<MetricSnapshot> all = new ArrayList<>();
    all.add(
        InfoSnapshot.builder()
            .name("app")
            .help("information about the server")
            .dataPoint(
                InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(Labels.of("name", "qdrant", "version", version))
                    .build())
            .build());
    all.addAll(ClusterSeries.snapshots(view));
    all.addAll(rest.snapshots(perCollection));
    all.addAll(grpc.snapshots(perCollection));
    all.add(refusals.snapshot());
    all.add(
        histogram(
            "eddy_query_write_acknowledged_seconds", "from request to in the log", acknowledged));
    all.add(histogram("eddy_query_write_visible_seconds", "from request to searchable", visible));
    all.add(
        histogram(
            "eddy_query_write_held_back_seconds",
            "acknowledgements held back so that reads need not wait",
            heldBack));
    all.add(histogram("eddy_query_search_seconds", "searches, fetching included", searches));
    more.forEach(source -> all.addAll(source.get()));
    ByteArrayOutputStream out = new ByteArrayOutputStream(8_192);
    try {
      PrometheusTextFormatWriter.create().write(out, new MetricSnapshots(all));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = out.toString(StandardCharsets.UTF_8);
    return anonymize ? AnonymousLabels.in(text, ClusterSeries.names(view.state())) : text;
  }

  private static MetricSnapshot histogram(String name, String help, ResponseStat stat) {
    return HistogramSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(ResponseSeries.histogram(Labels.EMPTY, stat.sum()))
        .build();
  }
}
