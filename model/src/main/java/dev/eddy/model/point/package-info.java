/**
 * Points: ids, vectors, payloads and what of them a reader selects. Knows no transport and no
 * storage.
 */
@NullMarked
package dev.eddy.model.point;

import org.jspecify.annotations.NullMarked;
