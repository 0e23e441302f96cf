package dev.eddy.engine.segment;

import dev.eddy.engine.format.CheckedRecords;
import dev.eddy.engine.format.CorruptFileException;
import dev.eddy.engine.format.FileDamage;
import dev.eddy.engine.graph.GraphParams;
import dev.eddy.engine.graph.HeapLinks;
import dev.eddy.engine.graph.HeapRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the segments of a field as its settings say at one time: empty, around a graph, or from a
 * checkpoint. Immutable.
 *
 * @param layout how rows lie in sealed segments
 * @param onFailure is told of failed background work, from any thread
 */
record SegmentMaker(
    VectorFieldSettings settings,
    SegmentResources resources,
    FileNames names,
    RowLayout layout,
    Consumer<Throwable> onFailure) {
  private static final Logger log = LoggerFactory.getLogger(SegmentMaker.class);

  /** The same with other settings. */
  SegmentMaker with(VectorFieldSettings others, FusedPolicy policy) {
    return new SegmentMaker(others, resources.with(policy), names, layout, onFailure);
  }

  /** The same with rows that lie in another way. */
  SegmentMaker with(RowLayout other) {
    return new SegmentMaker(settings, resources, names, other, onFailure);
  }

  /**
   * Whether a segment's graph is not, or will not be, what the settings say, or its rows lie so.
   */
  boolean isDifferent(Segment segment) {
    return hasOtherGraph(segment)
        || (segment instanceof SealedSegment sealed && sealed.rowLayout() != layout.id());
  }

  private boolean hasOtherGraph(Segment segment) {
    GraphParams params = segment.graphParams();
    if (!params.hasGraph() && segment instanceof SealedSegment) {
      return settings.hasGraph() && segment.rowCount() > settings.fullScanRows();
    }
    return !params.equals(settings.graph()) || !hasSamePolicy(segment);
  }

  /** Whether a segment has the speed form, or none, that the field's segments are to have. */
  boolean hasSamePolicy(Segment segment) {
    return resources.fused().isSameFor(settings, segment.fusedPolicy());
  }

  /** Whether a heap segment's links are what the settings say. */
  boolean hasSameLinks(HeapSegment segment) {
    return segment.graphParams().equals(settings.graph());
  }

  HeapSegment empty() {
    return new HeapSegment(settings, resources, names, onFailure);
  }

  /** A segment of these rows, of which the first {@code linked} are linked. */
  HeapSegment grown(HeapRows rows, HeapLinks links, int[] slots, int linked) {
    RowSpool spool = new RowSpool(settings, resources.liveFolder(), names);
    return new HeapSegment(
        settings, resources, rows, links, slots, linked, names, spool, onFailure);
  }

  /**
   * A segment as a checkpoint holds it; its files are linked into the live folder.
   *
   * @param lastSlot its slots must be above it
   */
  Segment restore(Path checkpointFolder, SegmentManifest manifest, int lastSlot)
      throws IOException {
    linkToLive(checkpointFolder, manifest);
    return switch (manifest.kind()) {
      case HEAP -> restoreHeap(manifest, lastSlot);
      case SEALED -> restoreSealed(manifest, lastSlot);
    };
  }

  /** Codes and links can be made again. */
  private static boolean isThere(Path folder, FilePart part) {
    return Files.exists(folder.resolve(part.name()));
  }

  private static Path present(Path folder, FilePart part) throws CorruptFileException {
    Path file = folder.resolve(part.name());
    if (!isThere(folder, part)) {
      throw new CorruptFileException(file, 0, part.lengthBytes() + " bytes", "no file");
    }
    return file;
  }

  private void linkToLive(Path folder, SegmentManifest segment) throws IOException {
    List<FilePart> files = new ArrayList<>(segment.parts());
    FilePart beside = segment.beside();
    if (beside != null && isThere(folder, beside)) {
      files.add(beside);
    }
    for (FilePart part : files) {
      Path source = present(folder, part);
      Path target = resources.liveFolder().resolve(part.name());
      Files.deleteIfExists(target);
      Files.createLink(target, source);
    }
  }

  private SealedSegment restoreSealed(SegmentManifest manifest, int lastSlot) throws IOException {
    SealedSegment segment =
        SealedFile.open(resources, names, manifest.parts().getFirst(), settings, lastSlot);
    segment.setSaved();
    FilePart codes = manifest.beside();
    if (codes != null) {
      segment.restoreCodes(codes);
    }
    return segment;
  }

  /** Slots and what the graph has above layer 0 are read now, the rest when it is needed. */
  private HeapSegment restoreHeap(SegmentManifest manifest, int lastSlot) throws IOException {
    Path live = resources.liveFolder();
    RowFiles files = RowFiles.open(live, manifest.parts(), settings, lastSlot, resources.damage());
    HeapRows rows = settings.newRows();
    FileDamage.reading(() -> rows.restore(files));
    RestoredLinks graph = restoreLinks(manifest.beside(), rows);
    RowSpool spool = new RowSpool(settings, live, names);
    spool.adopt(manifest.parts(), graph.linked > 0 ? manifest.beside() : null);
    HeapSegment segment =
        new HeapSegment(
            settings,
            resources,
            rows,
            graph.links,
            files.slots(),
            graph.linked,
            names,
            spool,
            onFailure);
    if (!rows.isLoaded()) {
      List<CheckedRecords> records = new ArrayList<>(files.records());
      records.addAll(graph.records);
      segment.goOnFrom(new RestoredFiles(rows, graph.links, records));
    }
    return segment;
  }

  /**
   * A graph as a file holds it.
   *
   * @param linked nodes that it has
   * @param records what of it is still in its file
   */
  private record RestoredLinks(
      @Nullable HeapLinks links, int linked, List<CheckedRecords> records) {}

  /** The stored graph; an empty one where it is damaged or of another kind. */
  private RestoredLinks restoreLinks(@Nullable FilePart stored, HeapRows rows) throws IOException {
    if (!settings.graph().hasGraph()) {
      return new RestoredLinks(null, 0, List.of());
    }
    Path live = resources.liveFolder();
    if (stored != null) {
      HeapLinks links = new HeapLinks(settings.graph());
      try {
        Optional<List<CheckedRecords>> found = readLinks(stored, links, rows);
        if (found.isPresent()) {
          return new RestoredLinks(links, stored.rows(), found.get());
        }
      } catch (CorruptFileException damaged) {
        log.error(
            "event=links-damaged file={} reason=\"{}\" then=\"rows are linked again\"",
            stored.name(),
            damaged.getMessage());
        Files.deleteIfExists(live.resolve(stored.name()));
      }
    }
    return new RestoredLinks(new HeapLinks(settings.graph()), 0, List.of());
  }

  /** Of few rows all links are read at once; otherwise as {@link LinksFile#read} does. */
  private Optional<List<CheckedRecords>> readLinks(FilePart stored, HeapLinks links, HeapRows rows)
      throws IOException {
    Path live = resources.liveFolder();
    Path file = present(live, stored);
    if (stored.rows() > rows.count()) {
      throw new CorruptFileException(
          file, 0, "at most " + rows.count() + " nodes", String.valueOf(stored.rows()));
    }
    Optional<List<CheckedRecords>> found =
        LinksFile.read(live, stored, links, settings.graph(), resources.damage());
    if (rows.isLoaded()) {
      FileDamage.reading(() -> IntStream.range(0, links.partCount()).forEach(links::load));
    }
    return found;
  }
}
