package dev.eddy.engine.segment;

import dev.eddy.engine.graph.Rows;
import dev.eddy.engine.quantization.CodeTable;
import dev.eddy.engine.quantization.HeapCodes;
import dev.eddy.engine.quantization.RowQuantizer;
import java.io.IOException;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;

/** Makes the codes of a segment's rows; of one that grows, of all but a few last ones. */
final class RowEncoding implements SlicedWork.Slices<CodeTable> {
  private static final int SLICE_ROWS = 1_024;
  private static final int ROWS_PER_PAUSE = 64;
  private static final int ROWS_LEFT_TO_WRITER = 256;

  private final VectorFieldSettings settings;
  private final SegmentResources resources;
  private final FileNames names;
  private final Segment segment;
  private final SegmentCodes.Order order;
  private final float[] vector;
  private @Nullable HeapCodes codes;
  private CodesFile.@Nullable Writer file;
  private int next;

  RowEncoding(
      VectorFieldSettings settings,
      SegmentResources resources,
      FileNames names,
      Segment segment,
      SegmentCodes.Order order) {
    this.settings = settings;
    this.resources = resources;
    this.names = names;
    this.segment = segment;
    this.order = order;
    this.vector = new float[settings.dimension()];
  }

  @Override
  public @Nullable CodeTable next() throws IOException {
    if (codes == null && file == null) {
      begin(train());
    }
    int count = segment.rowCount();
    int end = Math.min(count, next + SLICE_ROWS);
    Rows rows = segment.rows();
    int expected = next;
    while (next < end) {
      if (next == expected) {
        expected = Math.min(end, next + rows.stretch());
        rows.expect(next, expected);
      }
      if (next % ROWS_PER_PAUSE == 0) {
        resources.buildPool().giveWay();
      }
      rows.copy(next, vector);
      if (file != null) {
        file.append(vector);
      } else if (codes != null) {
        codes.append(next, vector);
      }
      next++;
    }
    if (count - next > (file == null ? ROWS_LEFT_TO_WRITER : 0)) {
      return null;
    }
    return file == null ? codes : file.finish();
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
      if (!file.isFinished()) {
        Files.deleteIfExists(file.file());
      }
    }
  }

  private void begin(RowQuantizer quantizer) throws IOException {
    if (order.isOnHeap()) {
      codes = new HeapCodes(quantizer);
    } else {
      file =
          new CodesFile.Writer(
              resources.liveFolder().resolve(names.next("codes")),
              settings.metric(),
              quantizer,
              segment.rowCount());
    }
  }

  private RowQuantizer train() {
    RowSample sample = RowSample.of(segment.rows(), segment.rowCount(), RowQuantizer.SAMPLE_MAX);
    return RowQuantizer.train(settings.metric(), settings.dimension(), order.due().width(), sample);
  }
}
