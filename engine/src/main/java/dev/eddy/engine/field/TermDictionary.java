package dev.eddy.engine.field;

import dev.eddy.engine.format.ChecksummedWriter;
import dev.eddy.engine.format.ReferenceCount;
import dev.eddy.engine.points.PointHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.LongStream;

/**
 * Numbers the terms of a field, from 0 in the order in which they came. Terms are never forgotten.
 * The first ones may be in mapped files, the others are on the heap.
 *
 * <p>Threading: {@link #code} takes turns; everything else is safe beside it, and sees at least the
 * terms of codes that were published to the reader. Counted, starting with one reference: mapped
 * terms are read by whoever holds one.
 */
final class TermDictionary {
  /** Not a term. */
  static final int NONE = -1;

  /** Mapped terms join those before them unless these are this many times as large. */
  private static final int CHUNK_RATIO = 2;

  private volatile Terms terms = new Terms(List.of(), new HeapTerms());
  private final ReferenceCount references = new ReferenceCount(() -> terms.release());

  /** Where terms are at one moment: mapped ones, of which it holds a reference each, and others. */
  private static final class Terms {
    private final List<MappedTerms> mapped;
    private final int firstOnHeap;
    private final HeapTerms heap;
    private final ReferenceCount references;

    Terms(List<MappedTerms> mapped, HeapTerms heap) {
      this.mapped = List.copyOf(mapped);
      this.firstOnHeap = mapped.isEmpty() ? 0 : mapped.getLast().end();
      this.heap = heap;
      this.references =
          new ReferenceCount(() -> this.mapped.forEach(each -> each.piece().release()));
    }

    void release() {
      references.release();
    }

    int size() {
      return firstOnHeap + heap.size();
    }

    int find(byte[] term, int hash) {
      int onHeap = heap.find(term, hash);
      if (onHeap != NONE) {
        return firstOnHeap + onHeap;
      }
      for (int i = mapped.size() - 1; i >= 0; i--) {
        int code = mapped.get(i).find(term, hash);
        if (code != NONE) {
          return code;
        }
      }
      return NONE;
    }

    private MappedTerms chunkOf(int code) {
      for (MappedTerms chunk : mapped) {
        if (code < chunk.end()) {
          return chunk;
        }
      }
      throw new IllegalArgumentException("no mapped term has code " + code);
    }

    byte[] term(int code) {
      return code >= firstOnHeap ? heap.term(code - firstOnHeap) : chunkOf(code).term(code);
    }

    int length(int code) {
      return code >= firstOnHeap ? heap.length(code - firstOnHeap) : chunkOf(code).length(code);
    }
  }

  /** Asks where terms are now; they stay there meanwhile. */
  private <T> T ask(Function<Terms, T> question) {
    while (true) {
      Terms now = terms;
      if (now.references.tryRetain()) {
        try {
          return question.apply(now);
        } finally {
          now.release();
        }
      }
      if (now == terms) {
        throw new IllegalStateException("terms are asked for after the last release");
      }
    }
  }

  int size() {
    return terms.size();
  }

  /** Bytes of the heap. */
  long heapBytes() {
    return terms.heap.heapBytes();
  }

  /** Bytes of mapped files. */
  long mappedBytes() {
    return terms.mapped.stream().mapToLong(chunk -> chunk.piece().lengthBytes()).sum();
  }

  /** Takes a reference more, beside one that is held. */
  void retain() {
    references.retain();
  }

  /** Gives a reference back. */
  void release() {
    references.release();
  }

  /** The code of a term, or {@link #NONE}. */
  int find(String term) {
    byte[] bytes = TermBytes.of(term);
    int hash = hash(bytes);
    return ask(now -> now.find(bytes, hash));
  }

  /** The code of a term, which is added if it is new. */
  synchronized int code(String term) {
    byte[] bytes = TermBytes.of(term);
    int hash = hash(bytes);
    Terms now = terms; // Stays while this has its turn.
    int known = now.find(bytes, hash);
    return known != NONE ? known : now.firstOnHeap + now.heap.add(bytes, hash);
  }

  /** The term of a code. */
  String term(int code) {
    return TermBytes.text(bytes(code));
  }

  /** The bytes of a term; a copy. */
  private byte[] bytes(int code) {
    return ask(now -> now.term(code));
  }

  /** Bytes that terms take when they are stored. */
  long storedBytes(int fromCode, int toCode) {
    return ask(now -> {
      long bytes = 0;
      for (int code = fromCode; code < toCode; code++) {
        bytes += Integer.BYTES + now.length(code);
      }
      return bytes;
    });
  }

  /**
   * Writes terms in the order of their codes, each as length int32 and bytes, see {@link
   * TermBytes}.
   */
  void writeTo(ChecksummedWriter out, int fromCode, int toCode) throws IOException {
    for (int code = fromCode; code < toCode; code++) {
      byte[] bytes = bytes(code);
      out.putInt(bytes.length);
      out.putBytes(bytes);
    }
  }

  /** Writes terms to be read in place, see {@link MappedTerms#write}. */
  void writeIndexed(ChecksummedWriter out, int fromCode, int toCode) throws IOException {
    MappedTerms.write(out, this::bytes, fromCode, toCode);
  }

  /**
   * Adds a term as it was stored.
   *
   * @return whether it is a new one, as every stored term is
   */
  synchronized boolean addStored(byte[] bytes) {
    int hash = hash(bytes);
    if (!TermBytes.areTerm(bytes) || terms.find(bytes, hash) != NONE) {
      return false;
    }
    var _ = terms.heap.add(bytes, hash);
    return true;
  }

  /** Codes of all terms that pass, ascending. */
  long[] codesWhere(Predicate<String> test) {
    return ask(now ->
        LongStream.range(0, now.size())
            .filter(code -> test.test(TermBytes.text(now.term((int) code))))
            .toArray());
  }

  /** Stored in files of terms: stays as it is. */
  static int hash(byte[] bytes) {
    return (int) (PointHash.payload(bytes) >>> 17);
  }

  /** The mapped terms of now, with a reference each that the caller gives back. */
  List<MappedTerms> holdMapped() {
    return ask(now -> {
      now.mapped.forEach(chunk -> chunk.piece().retain());
      return now.mapped;
    });
  }

  /** Terms by their codes, the last excluded. */
  record Stretch(int from, int to) {}

  /** Whether no term is on the heap. */
  boolean isMappedToTheEnd() {
    return terms.heap.size() == 0;
  }

  /** The terms that are to be mapped next when so many bytes are large; empty = none. */
  Stretch dueForMapping(long largeBytes) {
    return ask(now -> {
      int to = now.size();
      int from = now.firstOnHeap;
      long bytes = now.heap.storedBytes();
      if (from == to || bytes < largeBytes) {
        return new Stretch(to, to);
      }
      while (bytes > MappedTerms.STORED_BYTES_MAX) {
        bytes -= Integer.BYTES + now.length(--to);
      }
      for (int i = now.mapped.size() - 1; i >= 0; i--) {
        MappedTerms before = now.mapped.get(i);
        boolean isJoining =
            before.storedBytes() < CHUNK_RATIO * bytes
                && before.storedBytes() + bytes < MappedTerms.STORED_BYTES_MAX;
        if (!isJoining) {
          break;
        }
        from = before.first();
        bytes += before.storedBytes();
      }
      return new Stretch(from, to);
    });
  }

  /**
   * Uses mapped terms in place of those on the heap and of mapped ones that they hold; terms that
   * came since stay on the heap.
   *
   * @param chunk whose reference is taken over; it begins where a mapped one does or the heap
   */
  synchronized void map(MappedTerms chunk) {
    Terms before = terms;
    List<MappedTerms> mapped = new ArrayList<>();
    for (MappedTerms kept : before.mapped) {
      if (kept.end() <= chunk.first()) {
        kept.piece().retain();
        mapped.add(kept);
      }
    }
    mapped.add(chunk);
    replace(before, mapped, chunk.end(), new HeapTerms());
  }

  /** Brings all terms onto the heap. */
  void unmap() {
    int mappedEnd = terms.firstOnHeap;
    HeapTerms all = new HeapTerms();
    copy(0, mappedEnd, all);
    synchronized (this) {
      replace(terms, List.of(), mappedEnd, all);
    }
  }

  private void copy(int from, int to, HeapTerms into) {
    for (int code = from; code < to; code++) {
      byte[] bytes = bytes(code);
      var _ = into.add(bytes, hash(bytes));
    }
  }

  private void replace(Terms before, List<MappedTerms> mapped, int from, HeapTerms heap) {
    copy(from, before.size(), heap);
    terms = new Terms(mapped, heap);
    before.release();
  }
}
