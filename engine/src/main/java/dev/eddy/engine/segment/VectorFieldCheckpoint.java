package dev.eddy.engine.segment;

import dev.eddy.engine.graph.HeapLinks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A field at one moment, to be written into a checkpoint folder by any one thread while the writer
 * goes on. Close it when done, written or not.
 */
public final class VectorFieldCheckpoint implements AutoCloseable {
  private final VectorFieldSettings settings;
  private final FileNames names;
  private final SegmentView[] views;
  private final boolean isFinal;
  private boolean isClosed;

  VectorFieldCheckpoint(
      VectorFieldSettings settings, FileNames names, List<Segment> segments, boolean isFinal) {
    this.settings = settings;
    this.names = names;
    this.isFinal = isFinal;
    this.views = new SegmentView[segments.size()];
    for (int i = 0; i < views.length; i++) {
      segments.get(i).retain();
      views[i] = SegmentView.of(segments.get(i));
    }
  }

  /**
   * Brings the field's files up to the moment this was taken, forces them to disk and hard-links
   * them into the folder. The caller forces the folder and stores the manifest.
   */
  public VectorFieldManifest writeTo(Path checkpointFolder) throws IOException {
    List<SegmentManifest> manifests = new ArrayList<>();
    for (SegmentView view : views) {
      if (view.rowCount() > 0) {
        manifests.add(
            switch (view.segment()) {
              case HeapSegment heap -> write(heap, view, checkpointFolder);
              case SealedSegment sealed ->
                  new SegmentManifest(
                      SegmentManifest.Kind.SEALED,
                      List.of(sealed.linkInto(checkpointFolder)),
                      sealed.linkCodesInto(checkpointFolder));
            });
      }
    }
    return new VectorFieldManifest(names.nextNumber(), manifests);
  }

  private SegmentManifest write(HeapSegment segment, SegmentView view, Path folder)
      throws IOException {
    RowSpool spool = segment.spool();
    // One checkpoint at a time per field, so parts stay linkable between these calls.
    synchronized (spool) {
      List<FilePart> parts = spool.writeRows(segment.heapRows(), view.slots(), view.rowCount());
      @Nullable HeapLinks links = segment.graph() == null ? null : segment.heapLinks();
      @Nullable FilePart linksPart =
          links == null
              ? null
              : spool.writeLinks(links, Math.min(segment.linkedRows(), view.rowCount()), isFinal);
      List<FilePart> files = new ArrayList<>(parts);
      if (linksPart != null) {
        files.add(linksPart);
      }
      spool.linkInto(folder, files);
      return new SegmentManifest(SegmentManifest.Kind.HEAP, parts, linksPart);
    }
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      for (SegmentView view : views) {
        view.segment().release();
      }
    }
  }

  @Override
  public String toString() {
    return "VectorFieldCheckpoint[%s, segments=%d]".formatted(settings.fileStem(), views.length);
  }
}
