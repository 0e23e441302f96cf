/**
 * Checkpoints as folders of files under one manifest: written, published, checked, found and thrown
 * away. It must not know what the files mean.
 */
@NullMarked
package dev.eddy.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
