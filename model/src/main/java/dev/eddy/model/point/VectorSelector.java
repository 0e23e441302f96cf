package dev.eddy.model.point;

import java.util.List;

/** Which vectors an answer carries; unknown names are ignored. */
public sealed interface VectorSelector {
  enum None implements VectorSelector {
    NONE
  }

  enum All implements VectorSelector {
    ALL
  }

  record Names(List<String> names) implements VectorSelector {
    public Names {
      names = List.copyOf(names);
    }
  }

  static VectorSelector of(boolean all) {
    return all ? All.ALL : None.NONE;
  }
}
