/**
 * The way from the inbox to the point logs, with an exactly-once effect. Knows no JSON and no
 * dead-letter topic.
 */
@NullMarked
package dev.eddy.ingest.inbox;

import org.jspecify.annotations.NullMarked;
