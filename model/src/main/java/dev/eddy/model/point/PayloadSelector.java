package dev.eddy.model.point;

import dev.eddy.model.json.KeyPath;
import java.util.List;

/** Which part of the payload an answer carries. */
public sealed interface PayloadSelector {
  /** No payload key in the answer at all. */
  enum None implements PayloadSelector {
    NONE
  }

  enum All implements PayloadSelector {
    ALL
  }

  /** Only these paths and what is below them, the structure kept. */
  record Include(List<KeyPath> paths) implements PayloadSelector {
    public Include {
      paths = List.copyOf(paths);
    }
  }

  /** Everything but these paths and what is below them. */
  record Exclude(List<KeyPath> paths) implements PayloadSelector {
    public Exclude {
      paths = List.copyOf(paths);
    }
  }

  static PayloadSelector of(boolean all) {
    return all ? All.ALL : None.NONE;
  }
}
