package dev.eddy.engine.shard;

import dev.eddy.engine.checkpoint.FileStore;
import dev.eddy.engine.points.PointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where states of a shard have their files: the live folder itself for the one that was opened, a
 * folder in it for each that takes its place. Owned by the writer.
 */
final class StateHomes {
  private static final Logger log = LoggerFactory.getLogger(StateHomes.class);

  private final Path live;
  private final DamageMarks marks;
  private final FileStore files;
  private final List<Left> left = new ArrayList<>();
  private Path current;
  private int given;

  /** A home whose state is closed, but for readers. */
  private record Left(Path home, PointStore store) {}

  StateHomes(Path live, DamageMarks marks, FileStore files) {
    this.live = live;
    this.marks = marks;
    this.files = files;
    this.current = live;
  }

  /** A new folder's path. */
  Path next() {
    given++;
    return live.resolve(DamageMarks.HOMES + given);
  }

  /** A state moved in, in place of the former one, whose home goes when its last reader is done. */
  void moved(Path home, PointStore former) {
    left.add(new Left(current, former));
    current = home;
  }

  /** A state did not move in after all. */
  void givenUp(Path home, PointStore store) {
    left.add(new Left(home, store));
  }

  /** Removes homes that nobody reads any more. */
  void sweep() {
    for (Left each : List.copyOf(left)) {
      if (each.store().isReleased()) {
        left.remove(each);
        remove(each.home());
      }
    }
  }

  private void remove(Path home) {
    try {
      marks.clear(home);
    } catch (IOException e) {
      log.warn("event=files-not-removed folder={} until=\"the shard is opened again\"", home, e);
    }
  }
}
