/** What can be asked of a collection. Knows no transport and no shard layout. */
@NullMarked
package dev.eddy.model.query;

import org.jspecify.annotations.NullMarked;
