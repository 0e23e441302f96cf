import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;

/**
 * JVector: a graph in memory over whole vectors, with as many links in its lowest layer as the
 * others have.
 */
final class JVectorPeer extends Peer {
  private static final VectorTypeSupport TYPES =
      VectorizationProvider.getInstance().getVectorTypeSupport();
  private static final VectorSimilarityFunction SIMILARITY = VectorSimilarityFunction.DOT_PRODUCT;

  /** As its own benchmarks have them. */
  private static final float OVERFLOW = 1.2f;

  private static final float ALPHA = 1.2f;

  private ListRandomAccessVectorValues values;
  private GraphSearcher searcher;

  private JVectorPeer(String[] arguments) {
    super(arguments);
  }

  @Override
  void build(float[][] rows) throws Exception {
    List<VectorFloat<?>> vectors = new ArrayList<>();
    for (float[] row : rows) {
      vectors.add(TYPES.createFloatVector(row));
    }
    values = new ListRandomAccessVectorValues(vectors, dimension);
    ForkJoinPool pool = new ForkJoinPool(threads);
    GraphIndexBuilder builder =
        new GraphIndexBuilder(
            BuildScoreProvider.randomAccessScoreProvider(values, SIMILARITY),
            dimension,
            List.of(2 * m, m),
            efConstruct,
            OVERFLOW,
            ALPHA,
            true,
            true,
            pool,
            pool);
    searcher = new GraphSearcher(builder.build(values));
    pool.shutdown();
  }

  @Override
  int[] search(float[] query, int ef) {
    DefaultSearchScoreProvider scores =
        DefaultSearchScoreProvider.exact(TYPES.createFloatVector(query), SIMILARITY, values);
    SearchResult.NodeScore[] hits =
        searcher.search(scores, K, Math.max(K, ef), 0f, 0f, Bits.ALL).getNodes();
    int[] found = new int[hits.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = hits[i].node;
    }
    return found;
  }

  public static void main(String[] arguments) throws Exception {
    new JVectorPeer(arguments).serve();
  }
}
