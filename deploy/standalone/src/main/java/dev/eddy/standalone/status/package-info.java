/** What operators see of a cluster. Knows only metadata, reports and topic sizes. */
@NullMarked
package dev.eddy.standalone.status;

import org.jspecify.annotations.NullMarked;
