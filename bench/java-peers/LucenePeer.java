import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.SerialMergeScheduler;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.store.MMapDirectory;

/** Lucene: one segment of whole vectors, whose documents keep the order of the rows. */
final class LucenePeer extends Peer {
  private static final String FIELD = "v";

  private IndexSearcher searcher;

  private LucenePeer(String[] arguments) {
    super(arguments);
  }

  @Override
  void build(float[][] rows) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    KnnVectorsFormat format =
        threads == 1
            ? new Lucene99HnswVectorsFormat(m, efConstruct)
            : new Lucene99HnswVectorsFormat(m, efConstruct, threads, pool);
    IndexWriterConfig config =
        new IndexWriterConfig()
            .setCodec(
                new Lucene104Codec() {
                  @Override
                  public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                    return format;
                  }
                })
            .setMergePolicy(new LogDocMergePolicy())
            .setMergeScheduler(new SerialMergeScheduler())
            .setUseCompoundFile(false)
            .setRAMBufferSizeMB(2_000);
    MMapDirectory directory = new MMapDirectory(folder.resolve("lucene"));
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (float[] row : rows) {
        Document document = new Document();
        document.add(new KnnFloatVectorField(FIELD, row, VectorSimilarityFunction.DOT_PRODUCT));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
      writer.commit();
    }
    pool.shutdown();
    DirectoryReader reader = DirectoryReader.open(directory);
    if (reader.leaves().size() != 1) {
      throw new IllegalStateException("Lucene kept " + reader.leaves().size() + " segments");
    }
    searcher = new IndexSearcher(reader);
  }

  @Override
  int[] search(float[] query, int ef) throws Exception {
    ScoreDoc[] hits = searcher.search(new KnnFloatVectorQuery(FIELD, query, ef), K).scoreDocs;
    int[] found = new int[hits.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = hits[i].doc;
    }
    return found;
  }

  public static void main(String[] arguments) throws Exception {
    new LucenePeer(arguments).serve();
  }
}
