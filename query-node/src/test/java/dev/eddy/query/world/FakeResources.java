package dev.eddy.query.world;

import dev.eddy.query.quota.NodeResources;
import dev.eddy.query.quota.NodeUse;
import java.util.OptionalLong;

/** A machine that is as full as a test says. */
public final class FakeResources implements NodeResources {
  public volatile NodeUse use = new NodeUse(10, 20);

  @Override
  public OptionalLong residentBytes() {
    return OptionalLong.of(5 << 20);
  }

  @Override
  public NodeUse use() {
    return use;
  }
}
