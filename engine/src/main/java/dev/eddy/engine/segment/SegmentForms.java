package dev.eddy.engine.segment;

import dev.eddy.model.shard.VectorForms;
import dev.eddy.model.shard.VectorForms.Unfused;
import java.util.Map;

/** Tells by what a segment's rows are searched, and why not by something faster. Stateless. */
final class SegmentForms {
  private SegmentForms() {}

  /**
   * For the writer.
   *
   * @param policy as it is now; that of the segment may be an older one
   */
  static VectorForms of(Segment segment, VectorFieldSettings settings, FusedPolicy policy) {
    long rows = segment.rowCount();
    if (rows == 0) {
      return VectorForms.NONE;
    }
    FusedGraph fused = segment.fusedGraph();
    if (fused != null) {
      return new VectorForms(0, 0, rows, rows * fused.blocks().slots(), Map.of());
    }
    boolean isCoded = segment.codeTable() != null;
    return new VectorForms(
        isCoded ? 0 : rows, isCoded ? rows : 0, 0, 0, Map.of(why(segment, settings, policy), rows));
  }

  private static Unfused why(Segment segment, VectorFieldSettings settings, FusedPolicy policy) {
    if (policy.budget().limitBytes() <= 0) {
      return Unfused.SETTING;
    }
    if (segment.graph() == null) {
      return Unfused.NO_GRAPH;
    }
    if (!policy.isFor(settings)) {
      return policy.refusal(settings);
    }
    if (segment.rowCount() < policy.minRows()) {
      return Unfused.FEW;
    }
    boolean isTried = segment.fusedPolicy().equals(policy);
    return isTried && segment.isFusedGivenUp() ? Unfused.MEMORY : Unfused.MAKING;
  }
}
