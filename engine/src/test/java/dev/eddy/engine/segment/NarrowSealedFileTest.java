package dev.eddy.engine.segment;

import dev.eddy.engine.kernel.ElementType;

/** The same of files with rows of halves, whose header is longer. */
final class NarrowSealedFileTest extends SealedFileTest {
  @Override
  ElementType elementType() {
    return ElementType.FLOAT16;
  }
}
