package dev.eddy.engine.segment;

import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileHeader;
import dev.eddy.engine.format.MappedChecksum;
import dev.eddy.engine.format.MappedFile;
import dev.eddy.engine.kernel.Metric;
import dev.eddy.engine.quantization.CodeWidth;
import dev.eddy.engine.quantization.RowQuantizer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The codes of a sealed segment's rows. Kind {@code CODE}, version 1, little endian; written once,
 * then mapped. Derived: what is damaged or of another version is made again from the rows.
 *
 * <pre>
 *   header       16 bytes, see {@link FileHeader}
 *   dimension    int32
 *   metric       int32     code of the metric
 *   bits         int32     of a number of a code
 *   rows         int32     n
 *   codeBytes    int32     of a code
 *   reserved     28 bytes  0
 *   mean         dimension * float32, then zeros up to the next multiple of 64
 *   codes        n * codeBytes, see {@link RowQuantizer}
 *   footer       length of everything before int64, its crc32c int32, magic int32
 * </pre>
 */
final class CodesFile {
  static final int KIND = FileHeader.fourLetters("CODE");
  static final int VERSION = 1;
  private static final int HEADER_BYTES = 64;
  private static final int FOOTER_BYTES = 16;
  private static final int LINE_BYTES = 64;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private CodesFile() {}

  private static long codesAt(int dimension) {
    long end = HEADER_BYTES + (long) Float.BYTES * dimension;
    return (end + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
  }

  /** Writes the codes one after another. One thread. */
  static final class Writer implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 20;

    private final RowQuantizer quantizer;
    private final RowQuantizer.Scratch scratch;
    private final int rows;
    private final ChecksummedWriter out;
    private final byte[] buffer;
    private int buffered;
    private @Nullable FilePart part;

    /** Begins a file that must not exist, of so many rows. */
    Writer(Path file, Metric metric, RowQuantizer quantizer, int rows) throws IOException {
      this.quantizer = quantizer;
      this.scratch = new RowQuantizer.Scratch(quantizer);
      this.rows = rows;
      int codeBytes = quantizer.codeBytes();
      this.buffer = new byte[Math.max(1, BUFFER_BYTES / codeBytes) * codeBytes];
      this.out = new ChecksummedWriter(file);
      try {
        writeHeader(metric);
      } catch (IOException failure) {
        out.close();
        FileNames.discard(file, failure);
        throw failure;
      }
    }

    private void writeHeader(Metric metric) throws IOException {
      float[] mean = quantizer.mean();
      FileHeader.write(out, KIND, VERSION);
      out.putInts(
          new int[] {
            mean.length, metric.code(), quantizer.width().bits(), rows, quantizer.codeBytes()
          },
          5);
      out.putBytes(new byte[HEADER_BYTES - (int) out.length()]);
      out.putFloats(mean, mean.length);
      out.align(LINE_BYTES);
    }

    /** The next row. */
    void append(float[] vector) throws IOException {
      quantizer.encode(vector, buffer, buffered, scratch);
      buffered += quantizer.codeBytes();
      if (buffered == buffer.length) {
        flush();
      }
    }

    private void flush() throws IOException {
      out.putBytes(buffered == buffer.length ? buffer : Arrays.copyOf(buffer, buffered));
      buffered = 0;
    }

    /** Forces what was written to disk, and maps it; the caller owns the one reference. */
    MappedCodes finish() throws IOException {
      flush();
      long length = out.length();
      int checksum = out.checksum();
      out.putLong(length);
      out.putInt(checksum);
      out.putInt(FileHeader.MAGIC);
      out.force();
      String name = String.valueOf(out.file().getFileName());
      FilePart written = new FilePart(name, rows, out.length(), checksum);
      MappedCodes codes =
          in(MappedFile.open(out.file(), written.lengthBytes()), written, quantizer);
      part = written;
      return codes;
    }

    /** What was not finished is left to who discards the file. */
    @Override
    public void close() throws IOException {
      out.close();
    }

    Path file() {
      return out.file();
    }

    boolean isFinished() {
      return part != null;
    }
  }

  /** Hands the file over to the codes in it. */
  private static MappedCodes in(MappedFile file, FilePart part, RowQuantizer quantizer) {
    long codes = (long) part.rows() * quantizer.codeBytes();
    long at = part.lengthBytes() - FOOTER_BYTES - codes;
    return new MappedCodes(quantizer, file, file.bytes().asSlice(at, codes), part);
  }

  /** Reads a file as a checkpoint holds it, part by part, before it is used. One thread. */
  static final class Reader implements AutoCloseable {
    private static final long STEP_BYTES = 8L << 20;

    private final Path file;
    private final FilePart part;
    private final VectorFieldSettings settings;
    private @Nullable MappedFile mapped;
    private @Nullable MappedChecksum checksum;
    private long next;

    Reader(Path file, FilePart part, VectorFieldSettings settings) {
      this.file = file;
      this.part = part;
      this.settings = settings;
    }

    /**
     * Reads the next part; the codes after the last one, which the caller owns, null before.
     *
     * @throws CorruptFileException when the file is not what was written
     */
    @Nullable MappedCodes next() throws IOException {
      MappedFile open = mapped;
      MappedChecksum sum = checksum;
      if (open == null || sum == null) {
        open = opened();
        mapped = open;
        sum = new MappedChecksum(file, open.bytes());
        checksum = sum;
      }
      long end = part.lengthBytes() - FOOTER_BYTES;
      long step = Math.min(STEP_BYTES, end - next);
      sum.add(next, next + step);
      next += step;
      if (next < end) {
        return null;
      }
      checkFooter(open.bytes(), end, sum.value());
      MappedCodes codes = in(open, part, quantizer(open.bytes()));
      mapped = null;
      return codes;
    }

    private MappedFile opened() throws IOException {
      if (part.lengthBytes() < HEADER_BYTES + FOOTER_BYTES) {
        throw new CorruptFileException(
            file, 0, "a header and a footer", part.lengthBytes() + " bytes");
      }
      return MappedFile.open(file, part.lengthBytes());
    }

    private void checkFooter(MemorySegment bytes, long end, int sum) throws IOException {
      if (sum != part.crc32c()
          || bytes.get(LONG, end) != end
          || bytes.get(INT, end + 8) != sum
          || bytes.get(INT, end + 12) != FileHeader.MAGIC) {
        throw new CorruptFileException(
            file,
            end,
            "a footer of %d bytes with crc32c %08x".formatted(end, part.crc32c()),
            "%d bytes with %08x".formatted(bytes.get(LONG, end), sum));
      }
    }

    private RowQuantizer quantizer(MemorySegment bytes) throws IOException {
      int[] header = {
        FileHeader.MAGIC, KIND, VERSION, 0, settings.dimension(), settings.metric().code()
      };
      for (int i = 0; i < header.length; i++) {
        if (bytes.get(INT, 4L * i) != header[i]) {
          throw new CorruptFileException(
              file, 4L * i, String.valueOf(header[i]), String.valueOf(bytes.get(INT, 4L * i)));
        }
      }
      int bits = bytes.get(INT, 24);
      float[] mean = new float[settings.dimension()];
      MemorySegment.copy(bytes, FLOAT, HEADER_BYTES, mean, 0, mean.length);
      for (CodeWidth width : CodeWidth.values()) {
        if (width.bits() == bits) {
          RowQuantizer quantizer = RowQuantizer.of(settings.metric(), width, mean);
          long length =
              codesAt(mean.length) + (long) part.rows() * quantizer.codeBytes() + FOOTER_BYTES;
          if (length == part.lengthBytes()) {
            return quantizer;
          }
        }
      }
      throw new CorruptFileException(file, 24, "bits of codes that fill the file", bits + " bits");
    }

    /** A file that was not read to its end is deleted from the folder. */
    @Override
    public void close() {
      if (mapped != null) {
        mapped.release();
        mapped = null;
      }
    }
  }
}
